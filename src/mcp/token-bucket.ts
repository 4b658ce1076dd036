import type { Clock } from "../time/clock.ts";

/** Allows an amount at once, and a rate after that. */
export class TokenBucket {
	readonly #clock: Clock;
	readonly #burst: number;
	readonly #perMs: number;
	#level: number;
	#at: number;

	constructor(clock: Clock, { burst, perS }: { readonly burst: number; readonly perS: number }) {
		this.#clock = clock;
		this.#burst = burst;
		this.#perMs = perS / 1000;
		this.#level = burst;
		this.#at = clock.now();
	}

	/** Takes an amount. Returns false if there is less left, and then leaves none. */
	take(amount: number): boolean {
		const now = this.#clock.now();
		this.#level = Math.min(this.#burst, this.#level + (now - this.#at) * this.#perMs) - amount;
		this.#at = now;
		if (this.#level >= 0) return true;
		this.#level = 0;
		return false;
	}
}
