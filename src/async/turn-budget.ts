/**
 * Bounds the work of one turn of the event loop. Work beyond the bound waits for the next turn. Otherwise an endless supply of work that
 * needs no wait would block timers, sockets and every other guest.
 */
export class TurnBudget {
	readonly #max: number;
	#used = 0;
	#turn = Promise.withResolvers<void>();

	/** @param max Most work of one turn, in units of the caller. */
	constructor(max: number) {
		this.#max = max;
	}

	/** True if this turn has no room for more work. */
	get exhausted(): boolean {
		return this.#used >= this.#max;
	}

	/** Resolves in the next turn. Call it after {@link use} only. */
	get nextTurn(): Promise<void> {
		return this.#turn.promise;
	}

	/** Counts work of this turn. */
	use(units = 1): void {
		if (this.#used === 0) setImmediate(() => this.#begin());
		this.#used += units;
	}

	#begin(): void {
		const { resolve } = this.#turn;
		this.#turn = Promise.withResolvers();
		this.#used = 0;
		resolve();
	}
}
