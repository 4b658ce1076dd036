import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";

/** Returns the first usable instance from an index on, once around; `undefined` for none. */
export function firstUsable(start: number, instances: readonly Instance[], context: PickContext): Instance | undefined {
	const index = firstUsableIndex(start, instances, context);
	return index === -1 ? undefined : instances[index];
}

/** Returns the index of the first usable instance from an index on, once around; -1 for none. */
export function firstUsableIndex(start: number, instances: readonly Instance[], context: PickContext): number {
	for (let step = 0; step < instances.length; step++) {
		const index = (start + step) % instances.length;
		const instance = instances[index];
		if (instance !== undefined && context.usable(instance)) return index;
	}
	return -1;
}
