import { PeakEwma } from "./peak-ewma.ts";

/**
 * Highest latency that one guest alone can show to the others, in milliseconds: above most first outputs, so that a slow instance gets
 * fewer of their requests, and no more. Otherwise one request with a huge prompt would take the instance from all guests.
 */
const UNCONFIRMED_MS = 1_000;

/**
 * An average of latencies for the requests of all guests. A guest can raise it above 1 s only to a latency that another guest has seen too.
 * The guest that saw the highest latency has a view of its own, with all of its samples.
 */
export class WitnessedEwma {
	#ownGuest: string | undefined;
	#own = new PeakEwma();
	/** `undefined` until a second guest has a sample. */
	#shared: PeakEwma | undefined;

	/** True after the first sample. */
	get known(): boolean {
		return this.#own.known;
	}

	/** Returns true if the last sample is recent. */
	fresh(now: number, guest = ""): boolean {
		return this.#view(guest).fresh(now);
	}

	/** Adds a sample, in milliseconds. */
	observe(ms: number, now: number, guest = ""): void {
		this.#ownGuest ??= guest;
		const isOwn = this.#ownGuest === guest;
		if (!isOwn || this.#shared !== undefined) this.#observeShared(ms, now, isOwn);
		if (!isOwn) {
			if (ms < this.#own.at(now)) return;
			this.#ownGuest = guest;
			this.#own = new PeakEwma();
		}
		this.#own.observe(ms, now);
	}

	/** Returns the decayed average for the requests of a guest, in milliseconds; 0 without samples. */
	at(now: number, guest = ""): number {
		const ms = this.#view(guest).at(now);
		return this.#shared === undefined && this.#ownGuest !== guest ? Math.min(ms, UNCONFIRMED_MS) : ms;
	}

	#observeShared(ms: number, now: number, isOwn: boolean): void {
		const ownMs = this.#own.at(now);
		if (this.#shared === undefined) {
			this.#shared = new PeakEwma();
			this.#shared.observe(Math.min(ownMs, UNCONFIRMED_MS), now);
		}
		const limitMs = Math.max(UNCONFIRMED_MS, isOwn ? 0 : ownMs);
		const sharedMs = this.#shared.at(now);
		if (ms <= Math.max(limitMs, sharedMs)) this.#shared.observe(ms, now);
		else if (limitMs > sharedMs) this.#shared.observe(limitMs, now);
	}

	#view(guest: string): PeakEwma {
		return this.#shared === undefined || this.#ownGuest === guest ? this.#own : this.#shared;
	}
}
