import { drawGap } from "../../../src/simulation/distributions.ts";
import type { Clock } from "../../../src/time/clock.ts";
import type { Random } from "../../../src/time/random.ts";

/** Requests of clients: a Poisson process over all hosts. */
export interface DemandPhase {
	/** In milliseconds from the start. */
	readonly from: number;
	readonly to: number;
	/** Requests per second, over all hosts. */
	readonly perSecond: number;
	/** Returns the relative number of requests that a host gets, by its number from 0. The default is 1 for each. */
	readonly weight?: (host: number) => number;
}

/** Step in which requests arrive, in milliseconds. One timer for all of them, because there may be ten thousands a second. */
const STEP_MS = 1;

export interface DemandOptions {
	readonly time: Clock;
	readonly random: Random;
	readonly hosts: number;
	readonly phases: readonly DemandPhase[];
	/** Called with the host of each request. */
	readonly arrive: (host: number) => void;
}

/** Starts the arrivals of requests at hosts. */
export function startDemand({ time, random, hosts, phases, arrive }: DemandOptions): void {
	for (const { from, to, perSecond, weight = () => 1 } of phases) {
		const sums = sumsOf(Array.from({ length: hosts }, (_, host) => weight(host)));
		let next = from + drawGap(perSecond, random);
		const step = (): void => {
			const end = Math.min(to, time.now() + STEP_MS);
			for (; next < end; next += drawGap(perSecond, random)) arrive(position(sums, random()));
			if (end < to) time.after(STEP_MS, step);
		};
		time.after(from - time.now(), step);
	}
}

function sumsOf(weights: readonly number[]): Float64Array {
	const sums = new Float64Array(weights.length);
	let sum = 0;
	for (const [index, weight] of weights.entries()) {
		sum += weight;
		sums[index] = sum;
	}
	return sums;
}

/** Returns the first position whose sum is above this part (0 to 1) of the whole. */
function position(sums: Float64Array, part: number): number {
	const value = part * (sums.at(-1) ?? 0);
	let [low, high] = [0, sums.length - 1];
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((sums[middle] ?? 0) > value) high = middle;
		else low = middle + 1;
	}
	return low;
}
