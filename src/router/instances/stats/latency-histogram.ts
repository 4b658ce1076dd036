/** Buckets grow by this factor, so that a quantile is off by less than 10 percent. */
const GROWTH = 1.1;
const BUCKETS = 160;

/** When so much was counted, everything is halved: what is old weighs less and less. */
const HALVE_AT = 2_000;

/** Latencies counted in buckets of growing width, from 1 ms to over an hour; quantiles of the recent ones. */
export class LatencyHistogram {
	readonly #counts = new Float64Array(BUCKETS);
	#total = 0;

	get count(): number {
		return this.#total;
	}

	add(ms: number): void {
		const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.ceil(Math.log(Math.max(ms, 1)) / Math.log(GROWTH))));
		this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
		this.#total += 1;
		if (this.#total < HALVE_AT) return;
		for (let i = 0; i < BUCKETS; i++) this.#counts[i] = (this.#counts[i] ?? 0) / 2;
		this.#total /= 2;
	}

	/** The latency that this part of them does not exceed, in milliseconds; `undefined` when nothing was counted. */
	quantile(part: number): number | undefined {
		if (this.#total === 0) return undefined;
		let left = part * this.#total;
		for (let i = 0; i < BUCKETS; i++) {
			left -= this.#counts[i] ?? 0;
			if (left <= 0) return GROWTH ** i;
		}
		return GROWTH ** (BUCKETS - 1);
	}
}
