/** What is counted of one instance: requests that succeeded and failed by the instance's doing, and how long the former took together. */
export interface Counts {
	succeeded: number;
	failed: number;
	latencySumMs: number;
}

const none = (): Counts => ({ succeeded: 0, failed: 0, latencySumMs: 0 });

/** Counts over the last one to two intervals: the current one and all of the one before. */
export class RollingCounts {
	readonly #intervalMs: number;
	#current = none();
	#previous = none();
	#since = 0;

	constructor(intervalMs: number) {
		this.#intervalMs = intervalMs;
	}

	succeeded(latencyMs: number, now: number): void {
		this.#roll(now);
		this.#current.succeeded += 1;
		this.#current.latencySumMs += latencyMs;
	}

	failed(now: number): void {
		this.#roll(now);
		this.#current.failed += 1;
	}

	recent(now: number): Counts {
		this.#roll(now);
		const [a, b] = [this.#current, this.#previous];
		return { succeeded: a.succeeded + b.succeeded, failed: a.failed + b.failed, latencySumMs: a.latencySumMs + b.latencySumMs };
	}

	/** Forgets: what was counted has had its consequence. */
	clear(): void {
		this.#current = none();
		this.#previous = none();
	}

	#roll(now: number): void {
		const passed = now - this.#since;
		if (passed < this.#intervalMs) return;
		this.#previous = passed < 2 * this.#intervalMs ? this.#current : none();
		this.#current = none();
		this.#since = now;
	}
}
