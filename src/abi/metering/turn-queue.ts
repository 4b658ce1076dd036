/** A wait for a turn. */
export interface TurnWait {
	readonly turn: Promise<void>;
	/** Ends the wait in the next turns of the event loop, before guests that wait for a turn. No effect after the turn came. */
	readonly skip: () => void;
}

/**
 * Turns of the event loop between two guests that compute. The way of an answer from its socket to its guest takes about as many turns. With one
 * turn between two slices of 5 ms, an answer would wait for many guests. A turn in which nothing happens takes some microseconds.
 */
const TURNS_BETWEEN = 12;

/**
 * Shares the event loop among guests that compute: one guest after another continues, in the order in which they yielded.
 *
 * Timers and sockets have turns between two guests. Otherwise a hundred guests with slices of 5 ms would block the loop for half a second.
 */
export class TurnQueue {
	readonly #turnsBetween: number;
	/** A set keeps its order, and removes from the middle. */
	readonly #waiting = new Set<() => void>();
	/** Waits that were skipped. Each ends in a turn of its own: a hundred guests that end at once would block the loop together. */
	readonly #skipped = new Set<() => void>();
	#scheduled = false;
	#turn = 0;
	/** Turns since a guest continued last. */
	#free = 0;

	constructor(turnsBetween = TURNS_BETWEEN) {
		this.#turnsBetween = turnsBetween;
	}

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

	/** Waits for the turns of the event loop that belong to others, and for a turn of its own. */
	wait(): TurnWait {
		const { promise, resolve } = Promise.withResolvers<void>();
		this.#waiting.add(resolve);
		this.#schedule();
		return {
			turn: promise,
			skip: () => {
				if (!this.#waiting.delete(resolve)) return;
				this.#skipped.add(resolve);
				this.#schedule();
			},
		};
	}

	#schedule(): void {
		if (this.#scheduled) return;
		this.#scheduled = true;
		setImmediate(() => {
			this.#scheduled = false;
			this.#turn += 1;
			this.#free += 1;
			const [skipped] = this.#skipped;
			const [next] = this.#waiting;
			if (skipped !== undefined) {
				this.#skipped.delete(skipped);
				skipped();
			} else if (next !== undefined && this.#free > this.#turnsBetween) {
				this.#free = 0;
				this.#waiting.delete(next);
				next();
			}
			// An immediate that is set inside an immediate runs in the next turn.
			if (this.#waiting.size + this.#skipped.size > 0) this.#schedule();
		});
	}
}

/** The turns of this thread. */
export const guestTurns = new TurnQueue();
