import type { Instance } from "../../instances/instance.ts";
import type { PickContext } from "../pick-context.ts";

/** Picks one of several instances of equal preference. Keeps its state between requests. */
export interface Picker {
	/**
	 * True if the picker itself gives a recovering instance a part of its share. The default is that the tier does so, by skipping the
	 * instance at random.
	 */
	readonly handlesSlowStart?: true;
	/** Number of points on the picker's hash ring, counted as memory. Absent without a ring. */
	readonly points?: number;
	/** Replaces the active instances. Called before the first pick and after every change. */
	update(active: readonly Instance[]): void;
	/**
	 * Returns an instance that can take the request; `undefined` if none can. The cost is nearly independent of the number of instances, as
	 * long as most are usable.
	 */
	pick(context: PickContext): Instance | undefined;
}
