import type { Random } from "../../../time/random.ts";
import type { Suspicion } from "../../resilience/peers/suspicion.ts";
import { Key, type KeySource } from "./key.ts";

/** The choice between several keys: in turn, at random, or the key with the fewest recent errors. */
export type KeyPolicy = "round_robin" | "random" | "least_errors";

export interface KeyPoolOptions {
	/** Sources of the keys. Empty for an instance that needs no key. */
	readonly sources: readonly KeySource[];
	readonly policy: KeyPolicy;
	readonly random: Random;
}

/** The keys of one instance. Only rejected keys and exhausted quotas change their state; a failure of the server (5xx) does not. */
export class KeyPool {
	/** Never empty: an instance that needs no key has one without a value. */
	readonly keys: readonly Key[];
	readonly #policy: KeyPolicy;
	readonly #random: Random;
	#turn = 0;
	#maybeSuspected = false;

	constructor({ sources, policy, random }: KeyPoolOptions) {
		this.keys = sources.length === 0 ? [new Key(1, undefined)] : sources.map((source, index) => new Key(index + 1, source));
		this.#policy = policy;
		this.#random = random;
	}

	/** True if a key is set, and for an instance that needs none. */
	get present(): boolean {
		return this.keys.some((key) => key.present);
	}

	/**
	 * Returns the time from which a key may be used: 0 for now, `Infinity` for an unknown time.
	 *
	 * @param guest Guest whose own rejections and cooldowns count too. The default is none.
	 */
	unavailableUntil(now: number, guest?: string): number {
		let earliest = Number.POSITIVE_INFINITY;
		for (const key of this.keys) {
			const until = key.unavailableUntil(now, guest);
			if (until === 0) return 0;
			if (until < earliest) earliest = until;
		}
		return earliest;
	}

	/** True if a key was suspected a short while ago. Asked for by each decision, so that most of them look at no key. */
	get maybeSuspected(): boolean {
		return this.#maybeSuspected;
	}

	/** Begins a suspicion of a key. */
	suspect(key: Key, suspicion: Suspicion): void {
		key.suspect(suspicion);
		this.#maybeSuspected = true;
	}

	/** Returns the time from which one of the suspected keys may be tried, if no other key can be used: 0 for now. */
	suspectedUntil(now: number): number {
		if (!this.#maybeSuspected) return 0;
		if (this.suspicionAt(now) === undefined) {
			this.#maybeSuspected = false;
			return 0;
		}
		let earliest = Number.POSITIVE_INFINITY;
		for (const key of this.keys) {
			if (key.unavailableUntil(now) > 0) continue;
			const until = key.suspectedUntil(now);
			if (until === 0) return 0;
			earliest = Math.min(earliest, until);
		}
		return Number.isFinite(earliest) ? earliest : 0;
	}

	/** Returns the suspicion of the first suspected key; `undefined` for none. */
	suspicionAt(now: number): Suspicion | undefined {
		for (const key of this.keys) {
			const suspicion = key.suspicionAt(now);
			if (suspicion !== undefined) return suspicion;
		}
		return undefined;
	}

	/** Returns the time from which a key may be used, as far as one guest alone is concerned: 0 if it may be used now. */
	ownUnavailableUntil(now: number, guest: string): number {
		for (const key of this.keys) if (key.hasOwnStates) return this.unavailableUntil(now, guest);
		return 0;
	}

	/**
	 * Returns true if the upstream has rejected every key that is set.
	 *
	 * @param guest Guest whose own rejections count too. The default is none.
	 */
	allRejected(now: number, guest?: string): boolean {
		return this.keys.every((key) => !key.present || key.isRejected(now, guest));
	}

	/** Leaves to a guest what its requests alone have met. Called when the guest is not alone any more. */
	separate(): void {
		for (const key of this.keys) key.separate();
	}

	/**
	 * Returns the key for the next request; `undefined` if none can be used now. A suspected key that is tried by another request is the last one.
	 *
	 * @param excluded Keys that must not be used. The default is none.
	 * @param guest Guest of the request. The default is none.
	 */
	pick(now: number, excluded?: ReadonlyMap<Key, unknown>, guest?: string): Key | undefined {
		const only = this.keys[0];
		if (this.keys.length === 1 && only !== undefined) {
			return only.unavailableUntil(now, guest) === 0 && excluded?.has(only) !== true ? only : undefined;
		}
		const available = this.keys.filter((key) => key.unavailableUntil(now, guest) === 0 && excluded?.has(key) !== true);
		if (available.length === 0) return undefined;
		const trusted = available.filter((key) => key.suspectedUntil(now) === 0);
		const usable = trusted.length === 0 ? available : trusted;
		switch (this.#policy) {
			case "round_robin":
				return this.#next(usable);
			case "random":
				return usable[Math.floor(this.#random() * usable.length)];
			case "least_errors": {
				const fewest = Math.min(...usable.map((key) => key.recentErrors(now)));
				return this.#next(usable.filter((key) => key.recentErrors(now) <= fewest));
			}
		}
	}

	/** Takes turns by one counter for all keys. Otherwise the share of an unavailable key would fall to its neighbour alone. */
	#next(usable: readonly Key[]): Key | undefined {
		this.#turn += 1;
		return usable[this.#turn % usable.length];
	}
}
