import type { Instance } from "../../instances/instance.ts";
import { firstFrom } from "./from.ts";
import type { Choice, Picker } from "./policy.ts";

/** Always the first that can, in the order of the configuration: the others only step in. */
export class Priority implements Picker {
	#active: readonly Instance[] = [];

	update(active: readonly Instance[]): void {
		this.#active = active;
	}

	pick(choice: Choice): Instance | undefined {
		const instance = firstFrom(0, this.#active, choice);
		if (instance !== undefined) choice.consider(instance);
		return instance;
	}
}
