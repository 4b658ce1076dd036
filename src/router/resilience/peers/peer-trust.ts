import { RecentMap } from "../../../collections/recent-map.ts";

/**
 * Time for which hints of a host are ignored after one was refuted, in milliseconds: at first, and at most. Each further one in a row doubles it.
 * The first is the first open period of a breaker.
 */
const IGNORED = { baseMs: 5_000, maxMs: 600_000 } as const;

/** Bounds the exponent. Beyond it every time is at its maximum. */
const MAX_DOUBLINGS = 30;

/** Hosts that are remembered. Names are not authenticated: more of them would only cost memory. */
const MAX_HOSTS = 2_048;

/**
 * Hosts with a single, wrong hint: so many of them within so many milliseconds make hints of unknown hosts worthless for as long. Otherwise a liar with
 * ever new names would be believed each time.
 */
const STRANGERS = { most: 8, withinMs: 60_000 } as const;

interface Record {
	/** Refutations since the last confirmation. */
	readonly refuted: number;
	readonly ignoredUntil: number;
}

/** Trust in the hints of each host. Own trials decide: hints of a host that was wrong are ignored for a growing time. */
export class PeerTrust {
	readonly #hosts = new RecentMap<string, Record>(MAX_HOSTS);

	/** Hosts that were right before. */
	readonly #known = new RecentMap<string, true>(MAX_HOSTS);
	/** Times of the last refutations of unknown hosts, the oldest first. */
	#strangers: readonly number[] = [];

	/** Returns true if hints of the host are ignored. */
	isDiscounted(host: string, now: number): boolean {
		const record = this.#hosts.get(host);
		if (record !== undefined) return now < record.ignoredUntil;
		const [oldest] = this.#strangers;
		if (this.#strangers.length < STRANGERS.most || oldest === undefined) return false;
		return now - oldest < STRANGERS.withinMs && this.#known.get(host) === undefined;
	}

	/** Records that a hint was wrong. Refutations while the host is ignored anyway are of the same hints. */
	refute(host: string, now: number): void {
		const record = this.#hosts.get(host);
		if (record !== undefined && now < record.ignoredUntil) return;
		if (record === undefined && this.#known.get(host) === undefined) this.#strangers = [...this.#strangers, now].slice(-STRANGERS.most);
		// After a time without a refutation that is longer than the next one would last, the count starts again.
		const lapsed = record !== undefined && now - record.ignoredUntil > IGNORED.maxMs;
		const before = record === undefined || lapsed ? 0 : record.refuted;
		const ms = Math.min(IGNORED.maxMs, IGNORED.baseMs * 2 ** Math.min(before, MAX_DOUBLINGS));
		this.#hosts.set(host, { refuted: before + 1, ignoredUntil: now + ms });
	}

	/** Records that a hint was right. */
	confirm(host: string): void {
		this.#hosts.delete(host);
		this.#known.set(host, true);
	}
}
