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

/** The counts of several guests, for at most 16 of them separately. */
class CountsOfSeveral implements GuestCounts {
	readonly guests: Map<string, Counts>;
	readonly rest = zero();

	constructor(guest: string, counts: Counts) {
		this.guests = new Map([[guest, counts]]);
	}

	of(guest: string): Counts {
		const existing = this.guests.get(guest);
		if (existing !== undefined) return existing;
		if (this.guests.size >= MAX_GUESTS) this.#mergeSmallest();
		const created = zero();
		this.guests.set(guest, created);
		return created;
	}

	#mergeSmallest(): void {
		let smallest: [guest: string, counts: Counts] | undefined;
		for (const entry of this.guests) if (smallest === undefined || requestsOf(entry[1]) < requestsOf(smallest[1])) smallest = entry;
		if (smallest === undefined) return;
		add(this.rest, smallest[1]);
		this.guests.delete(smallest[0]);
	}
}

/** The counts of one interval. The requests of a single guest are counted once: thousands of instances may have no others. */
class Interval {
	readonly total = zero();
	#only: string | undefined;
	#several: CountsOfSeveral | undefined;

	get byGuest(): GuestCounts {
		return this.#several ?? { guests: new Map(this.#only === undefined ? [] : [[this.#only, this.total]]), rest: zero() };
	}

	count(guest: string, counts: Counts): void {
		this.#only ??= guest;
		if (this.#several === undefined && this.#only !== guest) this.#several = new CountsOfSeveral(this.#only, { ...this.total });
		add(this.total, counts);
		if (this.#several !== undefined) add(this.#several.of(guest), counts);
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
		this.#current.count(guest, { succeeded: 1, failed: 0, latencySumMs: latencyMs });
	}

	/** @param guest Id of the guest. The default is the embedder's own requests. */
	recordFailure(now: number, guest = ""): void {
		this.#roll(now);
		this.#current.count(guest, { succeeded: 0, failed: 1, latencySumMs: 0 });
	}

	recent(now: number): Counts {
		this.#roll(now);
		return sum(this.#current.total, this.#previous.total);
	}

	recentByGuest(now: number): GuestCounts {
		this.#roll(now);
		const guests = new Map<string, Counts>();
		const [previous, current] = [this.#previous.byGuest, this.#current.byGuest];
		for (const interval of [previous, current]) {
			for (const [guest, counts] of interval.guests) guests.set(guest, sum(counts, guests.get(guest) ?? zero()));
		}
		return { guests, rest: sum(current.rest, previous.rest) };
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
