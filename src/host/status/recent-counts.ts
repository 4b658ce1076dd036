/** Seconds that are counted. */
const SECONDS = 60;

/** Numbers of events, and of those that failed, in the last minute. Each second has a slot, which is used again a minute later. */
export class RecentCounts {
	readonly #all = new Uint32Array(SECONDS);
	readonly #failed = new Uint32Array(SECONDS);
	/** The second that was counted last. */
	#second = 0;

	/** @param wallMs Time of the event, in milliseconds since 1970. */
	add(wallMs: number, failed: boolean): void {
		const slot = this.#advance(wallMs) % SECONDS;
		this.#all[slot] = (this.#all[slot] ?? 0) + 1;
		if (failed) this.#failed[slot] = (this.#failed[slot] ?? 0) + 1;
	}

	/** Returns the sums over the last minute. */
	lastMinute(wallMs: number): { readonly all: number; readonly failed: number } {
		this.#advance(wallMs);
		const sum = (counts: Uint32Array): number => counts.reduce((total, count) => total + count, 0);
		return { all: sum(this.#all), failed: sum(this.#failed) };
	}

	/** Clears the slots of the seconds since the last call. Returns the second to count in: a clock that was set back counts in the last one. */
	#advance(wallMs: number): number {
		const second = Math.max(this.#second, Math.floor(wallMs / 1000));
		for (let cleared = Math.max(this.#second, second - SECONDS) + 1; cleared <= second; cleared++) {
			this.#all[cleared % SECONDS] = 0;
			this.#failed[cleared % SECONDS] = 0;
		}
		this.#second = second;
		return second;
	}
}
