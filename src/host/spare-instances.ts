/** A guest whose instances can be made in advance. */
interface Reserving {
	/** Makes an instance unless `count` are ready. Returns true if some are missing still. */
	reserve?(count: number): boolean;
}

/**
 * Keeps instances of a guest ready, so that a run need not wait for one to be made. One is made in each turn of the event loop, after the work that
 * waits there: making one takes some milliseconds.
 */
export class SpareInstances {
	readonly #guest: Reserving;
	readonly #count: number;
	#scheduled = false;

	/** @param count Number of instances that are kept ready. 0: none. */
	constructor(guest: Reserving, count: number) {
		this.#guest = guest;
		this.#count = guest.reserve === undefined ? 0 : count;
		this.#schedule();
	}

	/** Notes that a run took an instance. */
	taken(): void {
		this.#schedule();
	}

	#schedule(): void {
		if (this.#scheduled || this.#count === 0) return;
		this.#scheduled = true;
		setImmediate(() => {
			this.#scheduled = false;
			try {
				if (this.#guest.reserve?.(this.#count) === true) this.#schedule();
			} catch {
				// The next run meets the same failure, and reports it.
			}
		}).unref();
	}
}
