import type { Random } from "../../../time/random.ts";
import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { lowestScore } from "./lowest-score.ts";
import type { Picker } from "./policy.ts";

/** Picks the instance with the fewest requests in flight, relative to its weight. */
export class LeastInflight implements Picker {
	readonly handlesSlowStart = true;
	readonly #random: Random;
	#active: readonly Instance[] = [];

	constructor(random: Random) {
		this.#random = random;
	}

	update(active: readonly Instance[]): void {
		this.#active = active;
	}

	pick(context: PickContext): Instance | undefined {
		return lowestScore(this.#active, load, this.#random, context);
	}
}

function load({ stats, weight }: Instance, { operation, now }: PickContext): number {
	return (stats.inFlight + 1) / (weight * stats.slowStartFactor(operation, now));
}
