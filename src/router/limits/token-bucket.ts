/**
 * A level that fills over time and is drawn on. What is drawn is an estimate until `settle` says what it came to; what it came to
 * beyond the estimate and the level is a debt that the next filling pays first, so that the level is never below 0 and nothing is lost.
 */
export class TokenBucket {
	readonly capacity: number;
	readonly #perMs: number;
	#level: number;
	#debt = 0;
	#at: number;

	/** @param perMs How much comes in each millisecond; 0 for a budget that is given once. */
	constructor(capacity: number, perMs: number, now: number) {
		this.capacity = capacity;
		this.#perMs = perMs;
		this.#level = capacity;
		this.#at = now;
	}

	/** The same bucket by another configuration: what was drawn of it stays drawn. */
	resized(capacity: number, perMs: number, now: number): TokenBucket {
		this.#fill(now);
		const bucket = new TokenBucket(capacity, perMs, now);
		bucket.#spend(this.capacity - this.#level + this.#debt);
		return bucket;
	}

	#spend(amount: number): void {
		const taken = Math.min(amount, this.#level);
		this.#level -= taken;
		this.#debt += amount - taken;
	}

	level(now: number): number {
		this.#fill(now);
		return this.#level;
	}

	/** Whether so much is there; more than the capacity counts as the capacity. */
	holds(amount: number, now: number): boolean {
		return this.level(now) >= Math.min(amount, this.capacity);
	}

	/** Draws what `holds` has said is there. Gives how much was drawn. */
	draw(amount: number, now: number): number {
		const drawn = Math.min(amount, this.level(now));
		this.#level -= drawn;
		return drawn;
	}

	/** What was drawn has come to `actual`: the rest goes back, or what is missing is drawn too. */
	settle(drawn: number, actual: number, now: number): void {
		this.#fill(now);
		const more = actual - drawn;
		if (more <= 0) this.#give(-more);
		else {
			this.#spend(more);
		}
	}

	/** Milliseconds until so much is there; `Infinity` when it never will be. */
	msUntil(amount: number, now: number): number {
		this.#fill(now);
		const missing = Math.min(amount, this.capacity) - this.#level + this.#debt;
		if (missing <= 0) return 0;
		return this.#perMs === 0 ? Number.POSITIVE_INFINITY : missing / this.#perMs;
	}

	#fill(now: number): void {
		const passed = now - this.#at;
		if (passed <= 0) return;
		this.#at = now;
		this.#give(passed * this.#perMs);
	}

	#give(amount: number): void {
		const paid = Math.min(amount, this.#debt);
		this.#debt -= paid;
		this.#level = Math.min(this.capacity, this.#level + amount - paid);
	}
}
