import type { Instance } from "../../instances/instance.ts";

/** What a policy may know of the request it picks for, and what it is asked to leave aside. */
export interface Choice {
	/** Milliseconds, as the host's clock has them. */
	readonly now: number;
	/** What requests that belong together have in common: session, task or, for one that has neither, itself. */
	readonly key: string;
	/** Whether this instance can take the request at this moment. */
	usable(instance: Instance): boolean;
	/** Puts on record by what an instance was judged: the lower the better. */
	consider(instance: Instance, score?: number): void;
}

/** Picks one of several instances that are equal by every hard constraint and preference. Keeps what it needs between requests. */
export interface Picker {
	/** Whether it gives an instance that has just come back its part of a share by itself; else that is done by leaving it out now and then. */
	readonly handlesSlowStart?: true;
	/** Points of its ring, if it has one: they take memory. */
	readonly points?: number;
	/** Takes over the instances that are in; called before the first pick and whenever they have changed. */
	update(active: readonly Instance[]): void;
	/** One that can take the request; `undefined` when none can. Near constant in the number of instances, as long as most are usable. */
	pick(choice: Choice): Instance | undefined;
}
