/** Time over which the meter averages, in milliseconds. */
const AVERAGE_MS = 300;

/** Measures an amount per time. The older an amount, the less it counts. */
export class RateMeter {
	#perMs = 0;
	#at = 0;

	add(amount: number, now: number): void {
		this.#decay(now);
		this.#perMs += amount / AVERAGE_MS;
	}

	/** Returns the present amount per millisecond. */
	perMs(now: number): number {
		this.#decay(now);
		return this.#perMs;
	}

	#decay(now: number): void {
		const elapsed = now - this.#at;
		if (elapsed <= 0) return;
		this.#at = now;
		this.#perMs *= Math.exp(-elapsed / AVERAGE_MS);
	}
}
