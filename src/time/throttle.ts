import type { Clock } from "./clock.ts";

/** Passes one event of many in each interval, so that a repeated condition makes one log line. */
export class Throttle {
	readonly #clock: Clock;
	readonly #intervalMs: number;
	#openAt = Number.NEGATIVE_INFINITY;
	#count = 0;

	/** @param intervalMs Shortest time between two events that pass, in milliseconds. */
	constructor(clock: Clock, intervalMs: number) {
		this.#clock = clock;
		this.#intervalMs = intervalMs;
	}

	/** Counts an event. Returns the number of events since the last one that passed, this one included; `undefined` if it does not pass. */
	pass(): number | undefined {
		this.#count += 1;
		const now = this.#clock.now();
		if (now < this.#openAt) return undefined;
		const count = this.#count;
		this.#openAt = now + this.#intervalMs;
		this.#count = 0;
		return count;
	}
}
