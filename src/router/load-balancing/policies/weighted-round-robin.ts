import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import type { Picker } from "./policy.ts";
import { RoundRobin } from "./round-robin.ts";

/** Instances of one weight, which take turns. */
class WeightClass {
	readonly weight: number;
	readonly turns = new RoundRobin();
	/** Requests that the class is owed. Each pick adds the class's total weight; a pick of the class subtracts the sum of all classes. */
	credit = 0;
	#size = 0;

	constructor(weight: number) {
		this.weight = weight;
	}

	get totalWeight(): number {
		return this.weight * this.#size;
	}

	update(members: readonly Instance[]): void {
		this.#size = members.length;
		this.turns.update(members);
	}
}

/**
 * Smooth weighted round robin: within any stretch of requests each instance gets its share, evenly spread and never in a burst. Picks a
 * class of equal weights by the algorithm of nginx, and the next in turn within the class. So the cost depends on the number of distinct
 * weights, not of instances.
 *
 * @see https://github.com/nginx/nginx/commit/52327e0627f49dbda1e8db695e63a4b0af4448b1
 */
export class WeightedRoundRobin implements Picker {
	#classes: WeightClass[] = [];

	/** Classes keep their credit and their turn. */
	update(active: readonly Instance[]): void {
		const before = new Map(this.#classes.map((each) => [each.weight, each]));
		const byWeight = new Map<number, Instance[]>();
		for (const instance of active) {
			const members = byWeight.get(instance.weight);
			if (members === undefined) byWeight.set(instance.weight, [instance]);
			else members.push(instance);
		}
		this.#classes = [...byWeight].map(([weight, members]) => {
			const updated = before.get(weight) ?? new WeightClass(weight);
			updated.update(members);
			return updated;
		});
	}

	pick(context: PickContext): Instance | undefined {
		let weights = 0;
		for (let index = 0; index < this.#classes.length; index++) {
			const each = this.#classes[index];
			if (each === undefined) continue;
			each.credit += each.totalWeight;
			weights += each.totalWeight;
		}
		/** Created for the first: few picks have one. */
		let unusable: Set<WeightClass> | undefined;
		for (;;) {
			const best = this.#highestCredit(unusable);
			if (best === undefined) break;
			const instance = best.turns.pick(context);
			if (instance !== undefined) {
				best.credit -= weights;
				return instance;
			}
			// A class that cannot serve takes no part in this pick. Otherwise it would be owed a burst when it can again.
			best.credit -= best.totalWeight;
			weights -= best.totalWeight;
			unusable ??= new Set();
			unusable.add(best);
		}
		return undefined;
	}

	#highestCredit(excluded: ReadonlySet<WeightClass> | undefined): WeightClass | undefined {
		let best: WeightClass | undefined;
		// Without an iterator, because each pick looks at all classes.
		for (let index = 0; index < this.#classes.length; index++) {
			const each = this.#classes[index];
			if (each === undefined || excluded?.has(each) === true) continue;
			if (best === undefined || each.credit > best.credit) best = each;
		}
		return best;
	}
}
