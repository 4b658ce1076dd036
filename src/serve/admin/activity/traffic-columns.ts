import { LATENCY_BOUNDS_MS, latencyBucket } from "./latency-bounds.ts";

const BUCKETS = LATENCY_BOUNDS_MS.length + 1;

/** A request or attempt that has ended. */
export interface TrafficSample {
	readonly isError: boolean;
	readonly inputTokens: number;
	readonly outputTokens: number;
	readonly cost: number;
	/** Time to the first output. `undefined` without one. */
	readonly latencyMs: number | undefined;
}

/** Values of the last columns. Each list has as many items as columns were asked for. */
export interface TrafficValues {
	readonly requests: number[];
	readonly errors: number[];
	readonly input_tokens: number[];
	readonly output_tokens: number[];
	readonly cost: number[];
	readonly latency: number[][];
}

/** Counts of one series in columns of equal length. A column is used again when its time has passed out of the window. */
export class TrafficColumns {
	readonly #stepMs: number;
	readonly #count: number;
	readonly #requests: Uint32Array;
	readonly #errors: Uint32Array;
	readonly #inputTokens: Float64Array;
	readonly #outputTokens: Float64Array;
	readonly #cost: Float64Array;
	readonly #latency: Uint32Array;
	/** Number of the newest column since 1970. */
	#newest = 0;

	/**
	 * @param stepMs Length of a column, in milliseconds.
	 * @param count Number of columns.
	 */
	constructor(stepMs: number, count: number) {
		this.#stepMs = stepMs;
		this.#count = count;
		this.#requests = new Uint32Array(count);
		this.#errors = new Uint32Array(count);
		this.#inputTokens = new Float64Array(count);
		this.#outputTokens = new Float64Array(count);
		this.#cost = new Float64Array(count);
		this.#latency = new Uint32Array(count * BUCKETS);
	}

	/** @param wallMs End of the request, in milliseconds since 1970. */
	add({ isError, inputTokens, outputTokens, cost, latencyMs }: TrafficSample, wallMs: number): void {
		const at = this.#advance(wallMs) % this.#count;
		increase(this.#requests, at, 1);
		if (isError) increase(this.#errors, at, 1);
		increase(this.#inputTokens, at, inputTokens);
		increase(this.#outputTokens, at, outputTokens);
		increase(this.#cost, at, cost);
		if (latencyMs !== undefined) increase(this.#latency, at * BUCKETS + latencyBucket(latencyMs), 1);
	}

	/**
	 * Returns the values of the columns up to the present one.
	 *
	 * @param columns Number of columns.
	 * @param withLatency False to leave the histograms empty.
	 */
	values(wallMs: number, columns: number, withLatency: boolean): TrafficValues {
		const last = this.#advance(wallMs);
		const slots = Array.from({ length: columns }, (_, index) => (last - columns + 1 + index) % this.#count);
		const of = (values: Uint32Array | Float64Array): number[] => slots.map((slot) => values[slot] ?? 0);
		return {
			requests: of(this.#requests),
			errors: of(this.#errors),
			input_tokens: of(this.#inputTokens),
			output_tokens: of(this.#outputTokens),
			cost: of(this.#cost),
			latency: slots.map((slot) => (withLatency ? this.#histogram(slot) : [])),
		};
	}

	#histogram(slot: number): number[] {
		const counts = this.#latency.subarray(slot * BUCKETS, (slot + 1) * BUCKETS);
		return counts.some((count) => count > 0) ? [...counts] : [];
	}

	/** Clears the columns since the last call. Returns the column to count in: a clock that was set back counts in the newest one. */
	#advance(wallMs: number): number {
		const column = Math.max(this.#newest, Math.floor(wallMs / this.#stepMs));
		for (let cleared = Math.max(this.#newest, column - this.#count) + 1; cleared <= column; cleared++) this.#clear(cleared % this.#count);
		this.#newest = column;
		return column;
	}

	#clear(slot: number): void {
		for (const values of [this.#requests, this.#errors, this.#inputTokens, this.#outputTokens, this.#cost]) values[slot] = 0;
		this.#latency.fill(0, slot * BUCKETS, (slot + 1) * BUCKETS);
	}
}

function increase(values: Uint32Array | Float64Array, index: number, by: number): void {
	values[index] = (values[index] ?? 0) + by;
}
