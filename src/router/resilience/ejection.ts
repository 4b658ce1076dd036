/** Ejections of an instance: the end of the last one, and their number in a row. */
export class Ejection {
	#until = 0;
	#inARow = 0;

	/** Returns the end of the current ejection; 0 without one. */
	activeUntil(now: number): number {
		return this.#until > now ? this.#until : 0;
	}

	/** Ejects for `ms`, times the number of ejections in a row. Returns the end. */
	extend(now: number, ms: number): number {
		// After a time without ejections that is longer than the next ejection would last, the count starts again.
		if (now - this.#until > ms * (this.#inARow + 1)) this.#inARow = 0;
		this.#inARow += 1;
		this.#until = now + ms * this.#inARow;
		return this.#until;
	}
}
