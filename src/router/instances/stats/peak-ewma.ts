/** Time constant of the average, in milliseconds: without new samples about 37% (1/e) is left after it. */
const DECAY_MS = 10_000;

/** Time for which a sample is recent, in milliseconds: about 14% of it is left then. */
const FRESH_MS = 2 * DECAY_MS;

/**
 * A moving average of latencies that rises at once and falls slowly: a sample above the average replaces it, a sample below is averaged in
 * by the elapsed time. Without samples the average decays, so that an instance that was slow is tried again.
 *
 * @see https://github.com/twitter/finagle, "Peak EWMA": the measure; this code is our own
 */
export class PeakEwma {
	#value = 0;
	#updatedAt = Number.NEGATIVE_INFINITY;

	/** True after the first sample. */
	get known(): boolean {
		return this.#updatedAt !== Number.NEGATIVE_INFINITY;
	}

	/** Returns true if the last sample is recent. */
	fresh(now: number): boolean {
		return now - this.#updatedAt < FRESH_MS;
	}

	/** Adds a sample, in milliseconds. Never lowers the average below its decayed value. */
	observe(ms: number, now: number): void {
		if (ms >= this.#value) {
			this.#value = ms;
		} else {
			const kept = Math.exp((this.#updatedAt - now) / DECAY_MS);
			this.#value = this.#value * kept + ms * (1 - kept);
		}
		this.#updatedAt = now;
	}

	/** Returns the decayed average, in milliseconds; 0 without samples. */
	at(now: number): number {
		return this.#value === 0 ? 0 : this.#value * Math.exp((this.#updatedAt - now) / DECAY_MS);
	}
}
