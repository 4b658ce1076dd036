import type { Instance } from "../instances/instance.ts";
import type { CandidateSet } from "./candidate-set.ts";
import { hash32 } from "./policies/hash.ts";

/** Time for which a session is remembered after its last request, in milliseconds: about as long as upstreams cache prompts. */
const REMEMBERED_MS = 600_000;

/** Limit of remembered sessions. The ones that were used longest ago are deleted first. */
const MAX_SESSIONS = 10_000;

/** Length from which a session key is stored as hashes. Guests choose their keys; long ones would cost memory. */
const MAX_KEY_CHARS = 64;

/**
 * Load up to which a session stays at its instance: 4 requests in flight, plus twice the average over the candidates. The constant keeps
 * sessions sticky on a quiet host. The factor lets an instance hold more than its share before others help out, because moving a session
 * costs its prompt cache.
 */
const STICKY_BASE = 4;
const STICKY_FACTOR = 2;

/** The instances that served sessions last, so that the next request of a session finds its prompt in the cache of the same upstream. */
export class Affinity {
	readonly #sessions = new Map<string, { readonly instance: string; readonly at: number }>();

	/** Returns the identifier of a session. Equal keys of different guests are different sessions. */
	static sessionOf(operation: string, guestId: string, key: string): string {
		const shortKey = key.length <= MAX_KEY_CHARS ? key : `${key.length}/${hash32(key)}/${hash32(key, 1)}`;
		return `${operation} ${guestId} ${shortKey}`;
	}

	/**
	 * Returns the candidate that served a session last; `undefined` if none is remembered, if it is too busy, or if the operator prefers
	 * others.
	 *
	 * @param inFlight Requests of the operation in flight, over all instances.
	 */
	find(session: string, candidates: CandidateSet, inFlight: number, now: number): Instance | undefined {
		const found = this.#sessions.get(session);
		if (found === undefined || now - found.at >= REMEMBERED_MS) return undefined;
		const instance = candidates.member(found.instance);
		if (instance === undefined || !candidates.isFirstChoice(instance)) return undefined;
		const maxInFlight = STICKY_BASE + (STICKY_FACTOR * inFlight) / candidates.members.size;
		return instance.stats.inFlight < maxInFlight ? instance : undefined;
	}

	/** Records that an instance served a session. */
	recordServed(session: string, { name }: Instance, now: number): void {
		// Deleted first, so that the order of the map is the order of use.
		this.#sessions.delete(session);
		this.#sessions.set(session, { instance: name, at: now });
		if (this.#sessions.size <= MAX_SESSIONS) return;
		const [oldest] = this.#sessions.keys();
		if (oldest !== undefined) this.#sessions.delete(oldest);
	}
}
