import type { Clock } from "../../../src/time/clock.ts";
import type { Random } from "../../../src/time/random.ts";

/**
 * A fault of the network, or of the store.
 *
 * | type | meaning |
 * | --- | --- |
 * | `gone` | the process of the store is gone: connections break, and new ones are refused at once |
 * | `cut` | packets are lost: calls get no answer, and new connections neither |
 * | `slow` | each message takes `addMs` longer, in each direction |
 */
export type Fault = { readonly type: "gone" | "cut" } | { readonly type: "slow"; readonly addMs: number };

/** A time in which the way to the store has a fault: `from` to `to`, in milliseconds from the start. */
export interface FaultPhase {
	readonly from: number;
	readonly to: number;
	readonly fault: Fault;
	/** Returns true for a host that the fault is about, by its number from 0. The default is every host. */
	readonly affects?: (host: number) => boolean;
}

/** The way between a host and the store. */
export interface NetworkPath {
	/** The true time. */
	readonly time: Clock;
	readonly random: Random;
	readonly faults: readonly FaultPhase[];
	/** Number of the host, from 0. */
	readonly host: number;
}

/** Returns the fault of the way between a host and the store at this moment; `undefined` for none. */
export function faultAt(phases: readonly FaultPhase[], now: number, host: number): FaultPhase | undefined {
	return phases.find(({ from, to, affects }) => now >= from && now < to && (affects?.(host) ?? true));
}
