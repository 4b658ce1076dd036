/**
 * Bounds the work of one turn of the event loop. Work beyond the bound waits for the next turn. Otherwise an endless supply of work that
 * needs no wait would block timers, sockets and every other guest.
 *
 * Work below half of the bound may count in later turns too. Otherwise work of one unit a turn, such as the events of a slow stream, would ask for
 * the end of each turn.
 */
export class TurnBudget {
	readonly #max: number;
	#used = 0;
	/** True while the end of this turn is awaited. */
	#ending = false;
	#nextTurn: PromiseWithResolvers<void> | undefined;

	/** @param max Most work of one turn, in units of the caller. */
	constructor(max: number) {
		this.#max = max;
	}

	/** True if this turn has no room for more work. */
	get exhausted(): boolean {
		return this.#used >= this.#max;
	}

	/** Resolves in the next turn. */
	get nextTurn(): Promise<void> {
		this.#awaitEnd();
		this.#nextTurn ??= Promise.withResolvers();
		return this.#nextTurn.promise;
	}

	/** Counts work of this turn. */
	use(units = 1): void {
		this.#used += units;
		if (this.#used * 2 >= this.#max) this.#awaitEnd();
	}

	#awaitEnd(): void {
		if (this.#ending) return;
		this.#ending = true;
		setImmediate(() => this.#begin());
	}

	#begin(): void {
		const nextTurn = this.#nextTurn;
		this.#nextTurn = undefined;
		this.#ending = false;
		this.#used = 0;
		nextTurn?.resolve();
	}
}
