/** Time between two checks that the counter is set for, in milliseconds. Much shorter than a slice, and long against a check (0.1 µs). */
const TARGET_MS = 0.2;

const MIN_UNITS = 256;

/**
 * Largest counter.
 *
 * - An empty loop takes 1 ns a unit. A check costs at most 1 % of the counter's time.
 * - The slowest code takes some microseconds a unit. A guest that changes to such code is checked after some tens of milliseconds.
 */
const MAX_UNITS = 16_384;

/** Smallest counter after an overrun. */
const MIN_CEILING = 512;

/** An interval this long is an overrun, in milliseconds: the code is much slower than the code before. */
const OVERRUN_MS = 4;

/** CPU time after which the ceiling doubles, in milliseconds. */
const RECOVERY_MS = 50;

/**
 * Chooses the counter so that checks have equal distances in time.
 *
 * The counter grows to at most twice its value a check, and shrinks at once. After an overrun a ceiling holds it down for a while.
 * Otherwise a guest could raise the counter by cheap code again and again, and then hold the event loop by slow code.
 */
export class CheckInterval {
	#units = 1024;
	#ceiling = MAX_UNITS;
	#recoveredMs = 0;

	/**
	 * Returns the next counter, in units.
	 *
	 * @param elapsedMs Time that the guest took for the last counter.
	 */
	next(elapsedMs: number): number {
		if (elapsedMs > OVERRUN_MS) {
			this.#ceiling = MIN_CEILING;
			this.#recoveredMs = 0;
		} else if (this.#ceiling < MAX_UNITS) {
			this.#recoveredMs += elapsedMs;
			if (this.#recoveredMs >= RECOVERY_MS) {
				this.#ceiling *= 2;
				this.#recoveredMs = 0;
			}
		}
		const factor = Math.min(2, TARGET_MS / Math.max(elapsedMs, Number.EPSILON));
		this.#units = Math.max(MIN_UNITS, Math.min(this.#ceiling, Math.floor(this.#units * factor)));
		return this.#units;
	}
}
