import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { HashRing } from "./hash-ring.ts";
import type { Picker } from "./policy.ts";

/**
 * Load up to which an instance serves its own keys: 1.25 times the average over the active instances, at least 4 requests in flight. A
 * lower factor moves more keys away from their caches, a higher one allows more uneven load. Without the minimum, a few concurrent
 * requests would move keys on a quiet host.
 */
const BOUND = { factor: 1.25, minInFlight: 4 } as const;

/** Bounds the search for an instance below the load bound. If so many in a row are above it, all are busy, and the first is used. */
const MAX_FULL = 16;

/**
 * The average load is computed again after so many picks: the number of active instances divided by 8. Each computation looks at all of
 * them, so a pick costs 8 looks on average, however many there are. With fewer than 8 instances each pick computes it.
 */
const PICKS_PER_AVERAGE_SHIFT = 3;

/**
 * Picks the same instance for the same key, unless it cannot take the request or its load is above the bound; then the next on the ring.
 *
 * @see https://arxiv.org/abs/1608.01350 (consistent hashing with bounded loads)
 */
export class ConsistentHash implements Picker {
	readonly #ring: HashRing;
	#active: readonly Instance[] = [];
	/** Average load per unit of weight. */
	#averageLoad = 0;
	/** Picks for which the average is still used. */
	#remainingPicks = 0;

	/** @param members All instances, also unavailable ones: they keep their points, so that their keys return to them. */
	constructor(members: readonly Instance[]) {
		this.#ring = new HashRing(members);
	}

	get points(): number {
		return this.#ring.points;
	}

	update(active: readonly Instance[]): void {
		this.#active = active;
		this.#remainingPicks = 0;
	}

	pick(context: PickContext): Instance | undefined {
		if (this.#active.length === 0) return undefined;
		const perWeight = this.#loadPerWeight();
		let firstFull: Instance | undefined;
		let full = 0;
		/** Instances that cannot serve the key. Created for the first: most keys are served by theirs. */
		let passed: Set<Instance> | undefined;
		const start = this.#ring.pointOf(context.key);
		for (let point = start; point < start + this.#ring.points; point++) {
			const instance = this.#ring.instanceAt(point);
			if (instance === undefined || passed?.has(instance) === true) continue;
			if (context.usable(instance)) {
				const { inFlight } = instance.stats;
				context.consider(instance, inFlight);
				if (inFlight < Math.max(BOUND.minInFlight, Math.ceil(BOUND.factor * perWeight * instance.weight))) return instance;
				firstFull ??= instance;
				full += 1;
			}
			passed ??= new Set();
			passed.add(instance);
			if (full === MAX_FULL || passed.size === this.#ring.size) break;
		}
		return firstFull;
	}

	/** Requests in flight per unit of weight, including this one. */
	#loadPerWeight(): number {
		if (this.#remainingPicks > 0) {
			this.#remainingPicks -= 1;
			return this.#averageLoad;
		}
		let [inFlight, weights] = [1, 0];
		for (const { stats, weight } of this.#active) {
			inFlight += stats.inFlight;
			weights += weight;
		}
		this.#averageLoad = inFlight / Math.max(1, weights);
		this.#remainingPicks = this.#active.length >> PICKS_PER_AVERAGE_SHIFT;
		return this.#averageLoad;
	}
}
