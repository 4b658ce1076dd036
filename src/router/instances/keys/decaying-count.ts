/** Time in which a count falls to about 37% (1/e), in milliseconds: a fault of a minute ago no longer matters. */
const DECAY_MS = 10_000;

/** A number of events in which each event weighs less the older it is. */
export class DecayingCount {
	#value = 0;
	#updatedAt = 0;

	/** Counts one event at `now`. */
	add(now: number): void {
		this.#value = this.at(now) + 1;
		this.#updatedAt = now;
	}

	/** Returns the weighted number of events: 0 without any. */
	at(now: number): number {
		return this.#value === 0 ? 0 : this.#value * Math.exp((this.#updatedAt - now) / DECAY_MS);
	}
}
