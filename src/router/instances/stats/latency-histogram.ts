/** Ratio of the bounds of neighbouring buckets: a quantile is too high by less than 10%. */
const GROWTH = 1.1;

/** Buckets from 1 ms to 1.1¹⁵⁹ ms, about an hour. */
const BUCKETS = 160;

/** Number of samples at which all counts are halved, so that old samples weigh less and less. */
const HALVE_AT = 2_000;

/** Latencies counted in buckets of growing width, for quantiles of the recent ones. */
export class LatencyHistogram {
	readonly #counts = new Float64Array(BUCKETS);
	#total = 0;

	/** Number of samples; old samples count in part. */
	get count(): number {
		return this.#total;
	}

	/** Adds a sample, in milliseconds. */
	add(ms: number): void {
		const bucket = Math.min(BUCKETS - 1, Math.max(0, Math.ceil(Math.log(Math.max(ms, 1)) / Math.log(GROWTH))));
		this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
		this.#total += 1;
		if (this.#total < HALVE_AT) return;
		for (let i = 0; i < BUCKETS; i++) this.#counts[i] = (this.#counts[i] ?? 0) / 2;
		this.#total /= 2;
	}

	/**
	 * Returns the latency that this share of the samples does not exceed, in milliseconds; `undefined` without samples.
	 *
	 * @param share From 0 to 1, e.g. 0.95.
	 */
	quantile(share: number): number | undefined {
		if (this.#total === 0) return undefined;
		let remaining = share * this.#total;
		for (let i = 0; i < BUCKETS; i++) {
			remaining -= this.#counts[i] ?? 0;
			if (remaining <= 0) return GROWTH ** i;
		}
		return GROWTH ** (BUCKETS - 1);
	}
}
