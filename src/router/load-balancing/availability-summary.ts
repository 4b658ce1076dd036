import type { Operation } from "../../../generated/ir/operations.ts";
import { hasRoom, lastResortAt, unavailableUntil } from "../eligibility/transient-rejection.ts";
import type { Instance } from "../instances/instance.ts";

/** From so many instances on, what was found by looking at all of them is used for more than one request: in an outage every request asks. */
export const LARGE_SET = 500;

/** How long that may be used for each instance there is, in milliseconds: looking at 10,000 takes a while. */
export const MAX_STALENESS_MS = 1 / 200;

/** What candidates that can take no request now are waiting for. */
export interface AvailabilitySummary {
	/** None is in. */
	readonly noneAvailable: boolean;
	/** Some are in and have no room: a request that ends makes some. */
	readonly busy: boolean;
	/** When one may be in again; `Infinity` when that is not in sight. */
	readonly nextChance: number;
}

/**
 * @param aside Whether a request leaves an instance aside.
 * @param quotaExceededUntil Until when an instance has too little left for a request; 0 for one that has enough.
 */
export function summarizeAvailability(
	members: Iterable<Instance>,
	operation: Operation,
	now: number,
	aside: (instance: Instance) => boolean = () => false,
	quotaExceededUntil: (instance: Instance) => number = () => 0,
): AvailabilitySummary {
	let [soonest, atLeast] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
	let noneAvailable = true;
	let busy = false;
	for (const member of members) {
		const out = unavailableUntil(member, now);
		if (out === 0) noneAvailable = false;
		if (aside(member)) continue;
		if (out === 0 && !hasRoom(member, operation)) busy = true;
		const exceeded = quotaExceededUntil(member);
		const until = Math.max(out, exceeded);
		if (until > now && until < soonest) soonest = until;
		const sooner = Math.max(lastResortAt(member, now), exceeded);
		if (sooner > now && sooner < atLeast) atLeast = sooner;
	}
	// Where nobody else can serve, those out for their health are tried sooner.
	return { noneAvailable, busy, nextChance: noneAvailable ? Math.min(soonest, atLeast) : soonest };
}
