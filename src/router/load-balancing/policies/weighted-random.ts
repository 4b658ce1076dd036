import type { Random } from "../../../time/random.ts";
import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { AliasTable } from "./alias-table.ts";
import { firstUsable } from "./first-usable.ts";
import type { Picker } from "./policy.ts";

/** Random draws for a usable instance. Then the next usable one after the last draw is picked. */
const MAX_DRAWS = 8;

/** Picks at random, in proportion to the weights. Needs no shared state, so that several hosts together balance evenly too. */
export class WeightedRandom implements Picker {
	readonly #random: Random;
	#active: readonly Instance[] = [];
	#table: AliasTable | undefined;

	constructor(random: Random) {
		this.#random = random;
	}

	update(active: readonly Instance[]): void {
		this.#active = active;
		this.#table = active.length === 0 ? undefined : new AliasTable(active.map((instance) => instance.weight));
	}

	pick(context: PickContext): Instance | undefined {
		if (this.#table === undefined) return undefined;
		let index = 0;
		for (let draw = 0; draw < MAX_DRAWS; draw++) {
			index = this.#table.draw(this.#random);
			const instance = this.#active[index];
			if (instance !== undefined && context.usable(instance)) {
				context.consider(instance);
				return instance;
			}
		}
		return firstUsable(index, this.#active, context);
	}
}
