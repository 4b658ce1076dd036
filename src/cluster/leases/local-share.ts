/** A part of a bucket that a host spends while the shared store cannot be used. */
export class LocalShare {
	readonly #capacity: number;
	readonly #perMs: number;
	readonly #first: number;
	readonly #since: number;
	/** Below 0 after a request that used more than the share had. */
	#level: number;
	#at: number;

	/**
	 * @param capacity Capacity of the share.
	 * @param perMs Refill of the share per millisecond.
	 * @param level Level at the beginning, at most the capacity.
	 */
	constructor(capacity: number, perMs: number, level: number, now: number) {
		this.#capacity = capacity;
		this.#perMs = perMs;
		this.#first = Math.min(level, capacity);
		this.#level = this.#first;
		this.#since = now;
		this.#at = now;
	}

	/** Returns the level, from 0. */
	level(now: number): number {
		this.#refill(now);
		return Math.max(0, this.#level);
	}

	/** Returns the time until the share holds an amount, in milliseconds; `Infinity` for never. An amount above the capacity counts as the capacity. */
	msUntil(amount: number, now: number): number {
		this.#refill(now);
		const missing = Math.min(amount, this.#capacity) - this.#level;
		if (missing <= 0) return 0;
		return this.#perMs === 0 ? Number.POSITIVE_INFINITY : missing / this.#perMs;
	}

	/** Draws an amount, also if the share holds less. A negative amount returns. */
	draw(amount: number, now: number): void {
		this.#refill(now);
		this.#level = Math.min(this.#capacity, this.#level - amount);
	}

	/** Returns the amount by which the share is lower than without any request: what the bucket must still count. */
	spent(now: number): number {
		this.#refill(now);
		const untouched = Math.min(this.#capacity, this.#first + (now - this.#since) * this.#perMs);
		return Math.max(0, untouched - this.#level);
	}

	#refill(now: number): void {
		const elapsed = now - this.#at;
		if (elapsed <= 0) return;
		this.#at = now;
		this.#level = Math.min(this.#capacity, this.#level + elapsed * this.#perMs);
	}
}
