const WINDOW_MS = 60_000;
const BUCKET_MS = 1000;
const BUCKETS = WINDOW_MS / BUCKET_MS;

/** The part of a budget that the use of CPU time needs. */
export interface CpuShare {
	/** Counts CPU time that was used up to `now`, in milliseconds. */
	spend(ms: number, now: number): void;
	/** Returns the time until the guest may go on, in milliseconds. 0 if it may now. */
	waitMs(now: number): number;
}

/**
 * CPU time that the instances of one guest may use together in any minute (`cpu_ms_per_minute`).
 *
 * A guest that has used its budget waits until a part of the window expires. The guest does not end: this budget is a share of the host.
 * The budget of a run ends a run.
 */
export class CpuBudget implements CpuShare {
	readonly #limitMs: number;
	/** Used milliseconds by second. A bucket is reused after a minute. */
	readonly #used = new Float64Array(BUCKETS);
	#second = 0;
	#totalMs = 0;

	/** @param limitMs CPU time in any minute, in milliseconds. */
	constructor(limitMs: number) {
		this.#limitMs = limitMs;
	}

	/** Counts CPU time that was used up to `now`. */
	spend(ms: number, now: number): void {
		this.#advance(now);
		const bucket = this.#second % BUCKETS;
		this.#used[bucket] = (this.#used[bucket] ?? 0) + ms;
		this.#totalMs += ms;
	}

	/** Returns the CPU time of the last minute, in milliseconds. */
	usedMs(now: number): number {
		this.#advance(now);
		return this.#totalMs;
	}

	/** Returns the time until the guest may go on, in milliseconds. 0 if it may now. */
	waitMs(now: number): number {
		this.#advance(now);
		if (this.#totalMs < this.#limitMs) return 0;
		let left = this.#totalMs;
		for (let age = BUCKETS - 1; age > 0; age--) {
			left -= this.#used[(this.#second + BUCKETS - age) % BUCKETS] ?? 0;
			if (left < this.#limitMs) return (this.#second - age + BUCKETS) * BUCKET_MS - now;
		}
		return (this.#second + BUCKETS) * BUCKET_MS - now;
	}

	/** Empties the buckets that are older than a minute. */
	#advance(now: number): void {
		const second = Math.max(this.#second, Math.floor(now / BUCKET_MS));
		const steps = Math.min(second - this.#second, BUCKETS);
		for (let step = 1; step <= steps; step++) {
			const bucket = (second - steps + step) % BUCKETS;
			this.#totalMs = Math.max(0, this.#totalMs - (this.#used[bucket] ?? 0));
			this.#used[bucket] = 0;
		}
		this.#second = second;
	}
}
