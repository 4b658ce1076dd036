import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { HashRing } from "./hash-ring.ts";
import type { Picker } from "./policy.ts";

/** How far above the average an instance may be loaded before its keys go to the next, and how much is never too much. */
const BOUND = { factor: 1.25, least: 4 } as const;

/** How many instances in a row may be full before the first of them gets the request all the same. */
const LOOK_AT = 16;

/**
 * The same instance for the same key, as long as it can take the request and is not loaded by more than a quarter above the average
 * of those beside it; then the next on the ring.
 *
 * @see https://arxiv.org/abs/1608.01350 (consistent hashing with bounded loads)
 */
export class ConsistentHash implements Picker {
	readonly #ring: HashRing;
	#active: readonly Instance[] = [];
	#load = { perWeight: 0, goodFor: 0 };

	/** @param members All of them, in or out: one that is out for a while keeps its place. */
	constructor(members: readonly Instance[]) {
		this.#ring = new HashRing(members);
	}

	get points(): number {
		return this.#ring.points;
	}

	update(active: readonly Instance[]): void {
		this.#active = active;
		this.#load.goodFor = 0;
	}

	pick(context: PickContext): Instance | undefined {
		if (this.#active.length === 0) return undefined;
		const perWeight = this.#loadPerWeight();
		let full: Instance | undefined;
		let looked = 0;
		const seen = new Set<Instance>();
		for (const instance of this.#ring.from(context.key)) {
			if (seen.size === this.#ring.size) break;
			if (seen.has(instance)) continue;
			seen.add(instance);
			if (!context.usable(instance)) continue;
			const { inFlight } = instance.stats;
			context.consider(instance, inFlight);
			if (inFlight < Math.max(BOUND.least, Math.ceil(BOUND.factor * perWeight * instance.weight))) return instance;
			full ??= instance;
			looked += 1;
			if (looked === LOOK_AT) break;
		}
		return full;
	}

	/** Requests in flight, this one included, for each unit of weight. Added up anew often enough, not each time: there may be many. */
	#loadPerWeight(): number {
		if (this.#load.goodFor > 0) {
			this.#load.goodFor -= 1;
			return this.#load.perWeight;
		}
		let [inFlight, weights] = [1, 0];
		for (const { stats, weight } of this.#active) {
			inFlight += stats.inFlight;
			weights += weight;
		}
		this.#load = { perWeight: inFlight / Math.max(1, weights), goodFor: this.#active.length >> 3 };
		return this.#load.perWeight;
	}
}
