/** A guest whose instances can be made in advance. */
interface Reserving {
	/** Makes instances until there are `count`. */
	reserve?(count: number): void;
}

/**
 * Keeps instances of a guest ready, so that a run need not wait for one to be made. One is made in each turn of the event loop, after the work that
 * waits there: making one takes some milliseconds.
 */
export class SpareInstances {
	readonly #guest: Reserving;
	readonly #count: number;
	#ready = 0;
	#scheduled = false;

	/** @param count Number of instances that are kept ready. 0: none. */
	constructor(guest: Reserving, count: number) {
		this.#guest = guest;
		this.#count = guest.reserve === undefined ? 0 : count;
		this.#schedule();
	}

	/** Notes that a run took an instance. */
	taken(): void {
		this.#ready = Math.max(0, this.#ready - 1);
		this.#schedule();
	}

	#schedule(): void {
		if (this.#scheduled || this.#ready >= this.#count) return;
		this.#scheduled = true;
		setImmediate(() => {
			this.#scheduled = false;
			try {
				this.#guest.reserve?.(this.#ready + 1);
			} catch {
				// The next run meets the same failure, and reports it.
				return;
			}
			this.#ready += 1;
			this.#schedule();
		}).unref();
	}
}
