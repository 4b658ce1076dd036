/**
 * Longest time that a debt lasts, in milliseconds: one day. A request of many minutes' tokens is below it. Otherwise one wrong number of an
 * upstream would keep a guest from all backends for years.
 */
const MAX_DEBT_MS = 24 * 3_600_000;

/**
 * A bucket with a level that requests draw from and that refills over time. Requests draw estimates. If the actual amount exceeds the
 * estimate and the level, the rest becomes a debt, which the refill pays first, within a day at most. So the level is never negative.
 */
export class TokenBucket {
	readonly capacity: number;
	readonly #perMs: number;
	#level: number;
	#debt = 0;
	#filledAt: number;

	/** @param perMs Refill per millisecond. 0 for a budget that never refills. */
	constructor(capacity: number, perMs: number, now: number) {
		this.capacity = capacity;
		this.#perMs = perMs;
		this.#level = capacity;
		this.#filledAt = now;
	}

	/** Returns a bucket of another capacity from which as much is drawn as from this one. */
	resized(capacity: number, perMs: number, now: number): TokenBucket {
		this.#refill(now);
		const bucket = new TokenBucket(capacity, perMs, now);
		bucket.#drawWithDebt(this.capacity - this.#level + this.#debt);
		return bucket;
	}

	/** Returns the current level, from 0 to the capacity. */
	level(now: number): number {
		this.#refill(now);
		return this.#level;
	}

	/** Draws the amount, or all that the bucket holds. Returns the amount drawn. */
	draw(amount: number, now: number): number {
		const drawn = Math.min(amount, this.level(now));
		this.#level -= drawn;
		return drawn;
	}

	/** Replaces a drawn amount by the actual one: returns the difference to the bucket, or draws it. */
	settle(drawn: number, actual: number, now: number): void {
		this.#refill(now);
		const missing = actual - drawn;
		if (missing > 0) this.#drawWithDebt(missing);
		else this.#add(-missing);
	}

	/** Returns the time until the bucket holds the amount, or its capacity for a larger amount, in milliseconds. `Infinity` for never. */
	msUntil(amount: number, now: number): number {
		this.#refill(now);
		const missing = Math.min(amount, this.capacity) - this.#level + this.#debt;
		if (missing <= 0) return 0;
		return this.#perMs === 0 ? Number.POSITIVE_INFINITY : missing / this.#perMs;
	}

	#refill(now: number): void {
		const elapsed = now - this.#filledAt;
		if (elapsed <= 0) return;
		this.#filledAt = now;
		this.#add(elapsed * this.#perMs);
	}

	#add(amount: number): void {
		const paid = Math.min(amount, this.#debt);
		this.#debt -= paid;
		this.#level = Math.min(this.capacity, this.#level + amount - paid);
	}

	#drawWithDebt(amount: number): void {
		const drawn = Math.min(amount, this.#level);
		this.#level -= drawn;
		const maxDebt = this.#perMs === 0 ? Number.POSITIVE_INFINITY : this.#perMs * MAX_DEBT_MS;
		this.#debt = Math.min(this.#debt + amount - drawn, maxDebt);
	}
}
