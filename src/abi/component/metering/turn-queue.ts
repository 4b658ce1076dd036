/** A wait for a turn. */
export interface TurnWait {
	readonly turn: Promise<void>;
	/** Ends the wait at once. No effect after the turn came. */
	readonly skip: () => void;
}

/**
 * Shares the event loop among guests that compute: one guest continues in each turn, in the order in which they yielded.
 *
 * Timers and sockets have a turn between two guests. Otherwise a hundred guests with slices of 5 ms would block the loop for half a second.
 */
export class TurnQueue {
	/** A set keeps its order, and removes from the middle. */
	readonly #waiting = new Set<() => void>();
	#scheduled = false;
	#turn = 0;

	/** Number of the turn of the event loop. Advances only after {@link mark} or {@link wait}. */
	get turn(): number {
		return this.#turn;
	}

	/** Returns the number of this turn. The number advances with the next turn. */
	mark(): number {
		this.#schedule();
		return this.#turn;
	}

	/** Number of guests that wait. */
	get length(): number {
		return this.#waiting.size;
	}

	/** Waits for a turn of the event loop of its own. */
	wait(): TurnWait {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#waiting.add(resolve);
		this.#schedule();
		return {
			turn: promise,
			skip: () => {
				if (this.#waiting.delete(resolve)) resolve();
			},
		};
	}

	#schedule(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		setImmediate(() => {
			this.#scheduled = false;
			this.#turn += 1;
			const [next] = this.#waiting;
			// An immediate that is set inside an immediate runs in the next turn.
			if (next === undefined) return;
			this.#waiting.delete(next);
			if (this.#waiting.size > 0) this.#schedule();
			next();
		});
	}
}

/** The turns of this thread. */
export const guestTurns = new TurnQueue();
