/** Sends one request and reads its answer. */
export type Act = () => Promise<unknown>;

/** Measurements of one round of a way. */
export interface Round {
	readonly perSecond: number;
	/** Median and 99th percentile of the latencies, in milliseconds. */
	readonly p50Ms: number;
	readonly p99Ms: number;
	/** CPU time of the gateway for one request, in milliseconds. `NaN` without a gateway. */
	readonly cpuMs: number;
}

/** A way to measure. */
export interface Measured {
	readonly act: Act;
	/** Returns the CPU time of the gateway so far, in milliseconds. */
	readonly cpuMs: () => number;
}

/** Rounds before the first that counts, in which V8 compiles what the requests use. */
const WARM_UP = 4;

/**
 * Measures ways round by round. Each round has all ways, from another one on each time, so that all have the same share of the noise of the machine.
 *
 * @returns The rounds of each way, in the order of the ways.
 */
export async function inTurns(ways: readonly Measured[], requests: number, concurrency: number, rounds: number): Promise<Round[][]> {
	const found: Round[][] = ways.map(() => []);
	for (let turn = -WARM_UP; turn < rounds; turn++) {
		for (let place = 0; place < ways.length; place++) {
			const index = (turn + WARM_UP + place) % ways.length;
			const way = ways[index];
			if (way === undefined) continue;
			const round = await measure(way, requests, concurrency);
			if (turn >= 0) found[index]?.push(round);
		}
	}
	return found;
}

/** Sends `requests` requests, `concurrency` of them at each time. */
async function measure({ act, cpuMs }: Measured, requests: number, concurrency: number): Promise<Round> {
	const latencies: number[] = [];
	let left = requests;
	const worker = async (): Promise<void> => {
		while (left-- > 0) {
			const began = performance.now();
			await act();
			latencies.push(performance.now() - began);
		}
	};
	const before = cpuMs();
	const began = performance.now();
	await Promise.all(Array.from({ length: concurrency }, worker));
	const ms = performance.now() - began;
	return {
		perSecond: (requests * 1_000) / ms,
		p50Ms: quantile(latencies, 0.5),
		p99Ms: quantile(latencies, 0.99),
		cpuMs: (cpuMs() - before) / requests,
	};
}

export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

export function quantile(values: readonly number[], part: number): number {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
