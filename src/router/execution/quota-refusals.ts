import type { Instance } from "../instances/instance.ts";
import type { Key } from "../instances/keys/key.ts";

/** Keys whose rate limits refused one request, and the time from which each may be tried again. */
export class QuotaRefusals {
	/** Created for the first refusal: few requests have one. */
	#until: Map<Key, number> | undefined;
	#instances: Set<Instance> | undefined;

	/** Records that the limits of a key of this instance refuse the request until then. */
	add(instance: Instance, key: Key, until: number): void {
		this.#until ??= new Map();
		this.#until.set(key, until);
		this.#instances ??= new Set();
		this.#instances.add(instance);
	}

	/** Number of keys that refuse the request. */
	get size(): number {
		return this.#until?.size ?? 0;
	}

	/** The refusing keys, for a pick that leaves them out. */
	get keys(): ReadonlyMap<Key, number> | undefined {
		return this.#until;
	}

	/** The earliest time at which one of the keys may be tried again. `Infinity` without any. */
	get earliest(): number {
		return Math.min(...(this.#until?.values() ?? []));
	}

	/** Returns true if every available key of the instance refuses the request. */
	isExceeded(instance: Instance, now: number): boolean {
		return this.size > 0 && this.exceededUntil(instance, now) > now;
	}

	/** Returns the time at which an available key of the instance may be tried again; 0 if a key can serve the request now. */
	exceededUntil(instance: Instance, now: number): number {
		const refused = this.#until;
		if (refused === undefined || this.#instances?.has(instance) !== true) return 0;
		const { keys } = instance.keys;
		for (const key of keys) if ((refused.get(key) ?? 0) <= now) refused.delete(key);
		const available = keys.filter((key) => key.unavailableUntil(now) === 0);
		return available.length === 0 ? 0 : Math.min(...available.map((key) => refused.get(key) ?? 0));
	}

	/** Returns the instances whose available keys all refuse the request. */
	exceeded(now: number): Instance[] {
		return [...(this.#instances ?? [])].filter((instance) => this.isExceeded(instance, now));
	}
}
