import { createHash } from "node:crypto";
import type { CandidateSet } from "./candidate-set.ts";

/** Limits of the cache: sets, and their members together. Guests choose what they ask for; it must not grow the host without bound. */
const LIMITS = { sets: 1_024, members: 1_000_000 } as const;

/** Length from which a key is stored as a digest. A guest's long lists of names would cost memory. */
const MAX_KEY_CHARS = 512;

/** Candidate sets by the properties that their requests have in common. The sets that were used longest ago are deleted first. */
export class CandidateSetCache<S extends Pick<CandidateSet, "size"> = CandidateSet> {
	readonly #sets = new Map<string, S>();
	#members = 0;
	/** The set that was used last. Most requests are like the one before. */
	#last: { readonly key: string; readonly set: S } | undefined;

	/**
	 * Returns the set for a key, created at its first use.
	 *
	 * @param fullKey Must contain everything that decides which instances are members and how they are ordered and picked. Otherwise a request
	 * would get the set of another one: instances that it must not use, or the wrong policy. What differs from request to request without
	 * an effect on the set must not be in it. Otherwise each request would have a set of its own, whose policy never takes turns.
	 */
	get(fullKey: string, create: () => S): S {
		const key = fullKey.length <= MAX_KEY_CHARS ? fullKey : createHash("sha256").update(fullKey).digest("base64");
		if (this.#last?.key === key) return this.#last.set;
		const cached = this.#sets.get(key);
		// Deleted first, so that the order of the map is the order of use.
		if (cached !== undefined) this.#sets.delete(key);
		const set = cached ?? create();
		this.#sets.set(key, set);
		if (cached === undefined) this.#trim(set);
		this.#last = { key, set };
		return set;
	}

	#trim(added: S): void {
		this.#members += added.size;
		for (const [key, set] of this.#sets) {
			if (this.#sets.size === 1 || (this.#sets.size <= LIMITS.sets && this.#members <= LIMITS.members)) return;
			this.#sets.delete(key);
			this.#members -= set.size;
		}
	}
}
