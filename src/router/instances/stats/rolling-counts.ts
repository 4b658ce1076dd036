/** Numbers of requests. */
export interface Counts {
	succeeded: number;
	/** Failures that count against the instance. */
	failed: number;
	/** Sum of the latencies of the successes, in milliseconds. */
	latencySumMs: number;
}

/** The counts of one instance, by guest. */
export interface GuestCounts {
	/** The guests with the most requests. */
	readonly guests: ReadonlyMap<string, Counts>;
	/** All other guests together. */
	readonly rest: Counts;
}

/**
 * Guests that one interval counts separately. A further one takes the place of the guest with the fewest requests, so that a guest with
 * more than a seventeenth of the requests is always among them.
 */
const MAX_GUESTS = 16;

const zero = (): Counts => ({ succeeded: 0, failed: 0, latencySumMs: 0 });

/** The counts of one interval. The requests of a single guest are counted once: thousands of instances may have no others. */
class Interval implements GuestCounts {
	readonly total = zero();
	readonly rest = zero();
	#only: string | undefined;
	/** `undefined` for at most one guest. */
	#several: Map<string, Counts> | undefined;
	/** The guest that was counted last. Most requests are of the same guest as the one before. */
	#last: { readonly guest: string; readonly counts: Counts } | undefined;

	get guests(): ReadonlyMap<string, Counts> {
		return this.#several ?? new Map(this.#only === undefined ? [] : [[this.#only, this.total]]);
	}

	/** Counts a request of a guest: `change` is called with each counter. */
	count(guest: string, change: (counts: Counts) => void): void {
		this.#only ??= guest;
		if (this.#several === undefined && this.#only !== guest) this.#several = new Map([[this.#only, { ...this.total }]]);
		change(this.total);
		if (this.#several !== undefined) change(this.#of(guest, this.#several));
	}

	#of(guest: string, several: Map<string, Counts>): Counts {
		if (this.#last?.guest === guest) return this.#last.counts;
		let counts = several.get(guest);
		if (counts === undefined) {
			if (several.size >= MAX_GUESTS) this.#mergeSmallest(several);
			counts = zero();
			several.set(guest, counts);
		}
		this.#last = { guest, counts };
		return counts;
	}

	#mergeSmallest(several: Map<string, Counts>): void {
		let smallest: [guest: string, counts: Counts] | undefined;
		for (const entry of several) if (smallest === undefined || requestsOf(entry[1]) < requestsOf(smallest[1])) smallest = entry;
		if (smallest === undefined) return;
		add(this.rest, smallest[1]);
		several.delete(smallest[0]);
		if (this.#last?.guest === smallest[0]) this.#last = undefined;
	}
}

/** Counts over the current interval and the whole previous one. */
export class RollingCounts {
	readonly #intervalMs: number;
	#current = new Interval();
	#previous = new Interval();
	#currentSince = 0;

	/** @param intervalMs Length of an interval, in milliseconds. */
	constructor(intervalMs: number) {
		this.#intervalMs = intervalMs;
	}

	/** @param guest Id of the guest. The default is the embedder's own requests. */
	recordSuccess(latencyMs: number, now: number, guest = ""): void {
		this.#roll(now);
		this.#current.count(guest, (counts) => {
			counts.succeeded += 1;
			counts.latencySumMs += latencyMs;
		});
	}

	/** @param guest Id of the guest. The default is the embedder's own requests. */
	recordFailure(now: number, guest = ""): void {
		this.#roll(now);
		this.#current.count(guest, (counts) => {
			counts.failed += 1;
		});
	}

	recent(now: number): Counts {
		this.#roll(now);
		return sum(this.#current.total, this.#previous.total);
	}

	recentByGuest(now: number): GuestCounts {
		this.#roll(now);
		const guests = new Map<string, Counts>();
		for (const interval of [this.#previous, this.#current]) {
			for (const [guest, counts] of interval.guests) guests.set(guest, sum(counts, guests.get(guest) ?? zero()));
		}
		return { guests, rest: sum(this.#current.rest, this.#previous.rest) };
	}

	/** Sets all counts to zero. Used after an ejection: the instance must not be ejected twice for the same requests. */
	clear(): void {
		this.#current = new Interval();
		this.#previous = new Interval();
	}

	#roll(now: number): void {
		const elapsed = now - this.#currentSince;
		if (elapsed < this.#intervalMs) return;
		this.#previous = elapsed < 2 * this.#intervalMs ? this.#current : new Interval();
		this.#current = new Interval();
		this.#currentSince = now;
	}
}

/** Returns the number of requests. */
export function requestsOf({ succeeded, failed }: Counts): number {
	return succeeded + failed;
}

function sum(a: Counts, b: Counts): Counts {
	const total = { ...a };
	add(total, b);
	return total;
}

function add(to: Counts, more: Counts): void {
	to.succeeded += more.succeeded;
	to.failed += more.failed;
	to.latencySumMs += more.latencySumMs;
}
