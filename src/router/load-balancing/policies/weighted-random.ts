import type { Random } from "../../../time/random.ts";
import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { AliasTable } from "./alias-table.ts";
import { firstFrom } from "./from.ts";
import type { Picker } from "./policy.ts";

/** How often chance is asked again when it names one that is not usable; then the next that is gets the request. */
const DRAWS = 8;

/** By chance, in proportion to the weights. Needs no common state, so that several hosts together spread evenly too. */
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
		let at = 0;
		for (let draw = 0; draw < DRAWS; draw++) {
			at = this.#table.draw(this.#random);
			const instance = this.#active[at];
			if (instance !== undefined && context.usable(instance)) {
				context.consider(instance);
				return instance;
			}
		}
		return firstFrom(at, this.#active, context);
	}
}
