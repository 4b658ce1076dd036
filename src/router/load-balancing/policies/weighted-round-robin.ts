import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import type { Picker } from "./policy.ts";
import { RoundRobin } from "./round-robin.ts";

/** Instances of one weight: they take turns among themselves. */
class WeightClass {
	readonly weight: number;
	readonly members: Instance[] = [];
	readonly turns = new RoundRobin();
	/** How much this class is owed: grows by its total weight with each pick, falls by that of all when it is picked. */
	credit = 0;

	constructor(weight: number) {
		this.weight = weight;
	}

	get total(): number {
		return this.weight * this.members.length;
	}
}

/**
 * Smooth weighted round robin: each instance gets its share of every stretch of requests, spread evenly over it, never in a burst.
 * The choice falls on a class of instances of equal weight, by the algorithm of nginx, and within it on the next in turn, so that
 * its cost goes with the number of different weights, not of instances.
 *
 * @see https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1
 */
export class WeightedRoundRobin implements Picker {
	#classes: WeightClass[] = [];

	update(active: readonly Instance[]): void {
		const before = new Map(this.#classes.map((each) => [each.weight, each]));
		const classes = new Map<number, WeightClass>();
		for (const instance of active) {
			const found = classes.get(instance.weight) ?? new WeightClass(instance.weight);
			found.members.push(instance);
			classes.set(instance.weight, found);
		}
		this.#classes = [...classes.values()].map((fresh) => {
			const kept = before.get(fresh.weight);
			if (kept === undefined) {
				fresh.turns.update(fresh.members);
				return fresh;
			}
			kept.members.splice(0, kept.members.length, ...fresh.members);
			kept.turns.update(kept.members);
			return kept;
		});
	}

	pick(context: PickContext): Instance | undefined {
		let sum = 0;
		for (const each of this.#classes) {
			each.credit += each.total;
			sum += each.total;
		}
		const passed = new Set<WeightClass>();
		for (;;) {
			const best = this.#richest(passed);
			if (best === undefined) break;
			const instance = best.turns.pick(context);
			if (instance !== undefined) {
				best.credit -= sum;
				return instance;
			}
			// It takes no part in this round: it is owed nothing for what it could not have served.
			best.credit -= best.total;
			sum -= best.total;
			passed.add(best);
		}
		return undefined;
	}

	#richest(passed: ReadonlySet<WeightClass>): WeightClass | undefined {
		let best: WeightClass | undefined;
		for (const each of this.#classes) if (!passed.has(each) && (best === undefined || each.credit > best.credit)) best = each;
		return best;
	}
}
