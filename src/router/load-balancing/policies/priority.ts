import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { firstUsable } from "./first-usable.ts";
import type { Picker } from "./policy.ts";

/** Picks the first usable instance in the order of the configuration. */
export class Priority implements Picker {
	#active: readonly Instance[] = [];

	update(active: readonly Instance[]): void {
		this.#active = active;
	}

	pick(context: PickContext): Instance | undefined {
		const instance = firstUsable(0, this.#active, context);
		if (instance !== undefined) context.consider(instance);
		return instance;
	}
}
