import type { Line } from "../panel.ts";

/** Length of the steps in which amounts are summed, in milliseconds. */
const STEP_MS = 100;

/** Amounts over time. Holds sums by step, because millions of requests would not fit into memory. */
export class Series {
	readonly #sums: Float64Array;

	/** @param forMs Duration of the simulation, in milliseconds. */
	constructor(forMs: number) {
		this.#sums = new Float64Array(Math.ceil(forMs / STEP_MS));
	}

	/** Adds an amount. Times after the end count for nothing. */
	add(at: number, amount = 1): void {
		const step = Math.floor(at / STEP_MS);
		if (step < this.#sums.length) this.#sums[step] = (this.#sums[step] ?? 0) + amount;
	}

	/** Returns the amount between two times, in milliseconds. */
	between(from: number, to: number): number {
		let sum = 0;
		for (let step = Math.ceil(from / STEP_MS); step < Math.min(Math.ceil(to / STEP_MS), this.#sums.length); step++) {
			sum += this.#sums[step] ?? 0;
		}
		return sum;
	}

	/** Returns the mean amount per second between two times. */
	rate(from: number, to: number): number {
		return (this.between(from, to) * 1_000) / (to - from);
	}

	/** Returns the amounts of windows of this length that begin at each step between two times. The windows overlap. */
	windows(from: number, to: number, lengthMs: number): number[] {
		const sums: number[] = [];
		for (let at = from; at + lengthMs <= to; at += STEP_MS) sums.push(this.between(at, at + lengthMs));
		return sums;
	}

	/** Returns the amount per second over time, in steps of this length. */
	line(name: string, stepMs: number): Line {
		const forMs = this.#sums.length * STEP_MS;
		return {
			name,
			points: Array.from({ length: Math.floor(forMs / stepMs) }, (_, index) => [
				((index + 0.5) * stepMs) / 1_000,
				this.rate(index * stepMs, (index + 1) * stepMs),
			]),
		};
	}
}
