/** Time over which the meter averages, in milliseconds. */
const AVERAGE_MS = 300;

/** Time within which amounts are added up, in milliseconds. Otherwise each amount would cost an exponential function. */
const STEP_MS = 5;

/** Measures an amount per time. The older an amount, the less it counts. */
export class RateMeter {
	#perMs = 0;
	#at = 0;

	add(amount: number, now: number): void {
		if (now - this.#at >= STEP_MS) this.#decay(now);
		this.#perMs += amount / AVERAGE_MS;
	}

	/** Returns the present amount per millisecond. */
	perMs(now: number): number {
		if (now - this.#at >= STEP_MS) this.#decay(now);
		return this.#perMs;
	}

	#decay(now: number): void {
		this.#perMs *= Math.exp((this.#at - now) / AVERAGE_MS);
		this.#at = now;
	}
}
