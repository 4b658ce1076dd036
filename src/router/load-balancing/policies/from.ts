import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";

/** The first usable instance from a place on, once around; `undefined` when none is. */
export function firstFrom(start: number, instances: readonly Instance[], context: PickContext): Instance | undefined {
	const at = indexFrom(start, instances, context);
	return at === -1 ? undefined : instances[at];
}

/** The same, as its place; -1 when none is. */
export function indexFrom(start: number, instances: readonly Instance[], context: PickContext): number {
	for (let step = 0; step < instances.length; step++) {
		const at = (start + step) % instances.length;
		const instance = instances[at];
		if (instance !== undefined && context.usable(instance)) return at;
	}
	return -1;
}
