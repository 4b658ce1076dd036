/** Numbers of requests of one instance. */
export interface Counts {
	succeeded: number;
	/** Failures that count against the instance. */
	failed: number;
	/** Sum of the latencies of the successes, in milliseconds. */
	latencySumMs: number;
}

const zero = (): Counts => ({ succeeded: 0, failed: 0, latencySumMs: 0 });

/** Counts over the current interval and the whole previous one. */
export class RollingCounts {
	readonly #intervalMs: number;
	#current = zero();
	#previous = zero();
	#currentSince = 0;

	/** @param intervalMs Length of an interval, in milliseconds. */
	constructor(intervalMs: number) {
		this.#intervalMs = intervalMs;
	}

	recordSuccess(latencyMs: number, now: number): void {
		this.#roll(now);
		this.#current.succeeded += 1;
		this.#current.latencySumMs += latencyMs;
	}

	recordFailure(now: number): void {
		this.#roll(now);
		this.#current.failed += 1;
	}

	recent(now: number): Counts {
		this.#roll(now);
		const [a, b] = [this.#current, this.#previous];
		return { succeeded: a.succeeded + b.succeeded, failed: a.failed + b.failed, latencySumMs: a.latencySumMs + b.latencySumMs };
	}

	/** Sets all counts to zero. Used after an ejection: the instance must not be ejected twice for the same requests. */
	clear(): void {
		this.#current = zero();
		this.#previous = zero();
	}

	#roll(now: number): void {
		const elapsed = now - this.#currentSince;
		if (elapsed < this.#intervalMs) return;
		this.#previous = elapsed < 2 * this.#intervalMs ? this.#current : zero();
		this.#current = zero();
		this.#currentSince = now;
	}
}
