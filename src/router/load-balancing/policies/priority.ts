import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";
import { firstFrom } from "./from.ts";
import type { Picker } from "./policy.ts";

/** Always the first that can, in the order of the configuration: the others only step in. */
export class Priority implements Picker {
	#active: readonly Instance[] = [];

	update(active: readonly Instance[]): void {
		this.#active = active;
	}

	pick(context: PickContext): Instance | undefined {
		const instance = firstFrom(0, this.#active, context);
		if (instance !== undefined) context.consider(instance);
		return instance;
	}
}
