import type { Instance } from "../instances/instance.ts";
import { EMBEDDER } from "../resilience/guests/witness.ts";
import type { CandidateSet } from "./candidate-set.ts";
import { hash32 } from "./policies/hash.ts";
import { maxInFlight } from "./session-load.ts";

/** Time for which a session is remembered after its last request, in milliseconds: about as long as upstreams cache prompts. */
const REMEMBERED_MS = 600_000;

/** Limit of remembered sessions. Of the guest that was served longest ago, the session that was used longest ago is deleted first. */
const MAX_SESSIONS = 10_000;

/** Limit of remembered sessions of one guest while others send requests. Otherwise one guest could displace the sessions of all. */
const MAX_SESSIONS_OF_GUEST = MAX_SESSIONS / 4;

/** The last request of a session. */
interface Served {
	readonly instance: string;
	readonly at: number;
}

/** Length from which a session key is stored as hashes. Guests choose their keys; long ones would cost memory. */
const MAX_KEY_CHARS = 64;

/** The instances that served sessions last, so that the next request of a session finds its prompt in the cache of the same upstream. */
export class Affinity {
	/** By guest, then by session. The guest that was served longest ago comes first, as does the session. Never holds an empty map. */
	readonly #guests = new Map<string, Map<string, Served>>();
	#size = 0;

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
	 * @param guest Id of the guest. The default is the embedder.
	 */
	find(session: string, candidates: CandidateSet, inFlight: number, now: number, guest = EMBEDDER.guest): Instance | undefined {
		const found = this.#guests.get(guest)?.get(session);
		if (found === undefined || now - found.at >= REMEMBERED_MS) return undefined;
		const instance = candidates.memberForSession(found.instance);
		if (instance === undefined || !candidates.isFirstChoice(instance)) return undefined;
		return instance.stats.inFlight < maxInFlight(inFlight, candidates.members.size) ? instance : undefined;
	}

	/**
	 * Records that an instance served a session.
	 *
	 * @param witness The guest of the session. The default is the embedder, alone.
	 */
	recordServed(session: string, { name }: Instance, now: number, { guest, alone } = EMBEDDER): void {
		const sessions = this.#guests.get(guest) ?? new Map<string, Served>();
		// Deleted first, so that the order of the maps is the order of use.
		if (!sessions.delete(session)) this.#size += 1;
		sessions.set(session, { instance: name, at: now });
		this.#guests.delete(guest);
		this.#guests.set(guest, sessions);
		if (!alone && sessions.size > MAX_SESSIONS_OF_GUEST) this.#deleteOldest(guest, sessions);
		const [idle] = this.#guests;
		if (this.#size > MAX_SESSIONS && idle !== undefined) this.#deleteOldest(...idle);
	}

	#deleteOldest(guest: string, sessions: Map<string, Served>): void {
		const [oldest] = sessions.keys();
		if (oldest !== undefined && sessions.delete(oldest)) this.#size -= 1;
		if (sessions.size === 0) this.#guests.delete(guest);
	}
}
