/** How fast what was measured fades, in milliseconds: after so long without anything new, about a third is left. */
const DECAY_MS = 10_000;

/** How long a measurement says something, in milliseconds. */
const FRESH_MS = 2 * DECAY_MS;

/**
 * A latency that believes bad news at once and good news slowly: a sample above the average replaces it, one below it is averaged
 * in by the time that has passed. Without samples it fades, so that an instance that was slow is tried again.
 *
 * @see https://github.com/twitter/finagle, "Peak EWMA" — the measure; this code is our own
 */
export class PeakEwma {
	#value = 0;
	#at = Number.NEGATIVE_INFINITY;

	/** Whether anything was ever measured. */
	get known(): boolean {
		return this.#at !== Number.NEGATIVE_INFINITY;
	}

	/** Whether what was measured last still says something. */
	fresh(now: number): boolean {
		return now - this.#at < FRESH_MS;
	}

	/** Takes in a latency, in milliseconds. */
	observe(ms: number, now: number): void {
		if (ms >= this.#value) {
			this.#value = ms;
		} else {
			const kept = Math.exp((this.#at - now) / DECAY_MS);
			this.#value = this.#value * kept + ms * (1 - kept);
		}
		this.#at = now;
	}

	/** Milliseconds, as of now; 0 when nothing was measured. */
	at(now: number): number {
		return this.#value === 0 ? 0 : this.#value * Math.exp((this.#at - now) / DECAY_MS);
	}
}
