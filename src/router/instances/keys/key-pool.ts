import type { Random } from "../../../time/random.ts";
import { Key, type KeySource } from "./key.ts";

/** Which of several keys the next request takes. */
export type KeyPolicy = "round_robin" | "random" | "least_errors";

export interface KeyPoolOptions {
	/** None for an instance that needs no key. */
	readonly sources: readonly KeySource[];
	readonly policy: KeyPolicy;
	readonly random: Random;
}

/** The keys of one instance. A 5xx is the server's fault and changes nothing here. */
export class KeyPool {
	readonly keys: readonly Key[];
	readonly #policy: KeyPolicy;
	readonly #random: Random;
	#turn = 0;

	constructor({ sources, policy, random }: KeyPoolOptions) {
		this.keys = sources.length === 0 ? [new Key(1, undefined)] : sources.map((source, index) => new Key(index + 1, source));
		this.#policy = policy;
		this.#random = random;
	}

	/** Whether some key is set; true for an instance that needs none. */
	get present(): boolean {
		return this.keys.some((key) => key.present);
	}

	/** From when on some key may be used: 0 for now, `Infinity` for not in sight. */
	unavailableUntil(now: number): number {
		let soonest = Number.POSITIVE_INFINITY;
		for (const key of this.keys) {
			const until = key.unavailableUntil(now);
			if (until === 0) return 0;
			if (until < soonest) soonest = until;
		}
		return soonest;
	}

	/** Whether every key that is set was refused by the upstream. */
	allRejected(now: number): boolean {
		return this.keys.every((key) => !key.present || key.isRejected(now));
	}

	/** The key for the next request, none of those left aside; `undefined` when none can be used now. */
	pick(now: number, without?: ReadonlyMap<Key, unknown>): Key | undefined {
		const usable = this.keys.filter((key) => key.unavailableUntil(now) === 0 && without?.has(key) !== true);
		if (usable.length === 0) return undefined;
		switch (this.#policy) {
			case "round_robin":
				return this.#next(usable);
			case "random":
				return usable[Math.floor(this.#random() * usable.length)];
			case "least_errors": {
				const least = Math.min(...usable.map((key) => key.errors(now)));
				return this.#next(usable.filter((key) => key.errors(now) <= least));
			}
		}
	}

	/** The next in turn, so that a key that could not be used does not hand its share to its neighbour alone. */
	#next(usable: readonly Key[]): Key | undefined {
		this.#turn += 1;
		return usable[this.#turn % usable.length];
	}
}
