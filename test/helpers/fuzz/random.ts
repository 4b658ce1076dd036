/** A generator of pseudo-random numbers. Equal seeds give equal numbers on every machine. */
export class Random {
	#state: number;

	constructor(seed: number) {
		this.#state = Math.imul(seed ^ 0x9e37_79b9, 0x85eb_ca6b) >>> 0;
	}

	/** Returns an integer of 32 bits without sign. */
	word(): number {
		this.#state = (this.#state + 0x6d2b_79f5) >>> 0;
		let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return (mixed ^ (mixed >>> 14)) >>> 0;
	}

	/** Returns an integer from 0 to below `end`. */
	below(end: number): number {
		return end <= 1 ? 0 : Math.floor((this.word() / 2 ** 32) * end);
	}

	/** Returns true once in `times`. */
	oneIn(times: number): boolean {
		return this.below(times) === 0;
	}

	pick<T>(items: readonly T[]): T {
		const found = items[this.below(items.length)];
		if (found === undefined) throw new RangeError("there is nothing to pick from");
		return found;
	}
}
