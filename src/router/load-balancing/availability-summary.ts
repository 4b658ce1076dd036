import type { Operation } from "../../../generated/ir/operations.ts";
import {
	hasRoom,
	isOnlySuspected,
	lastResortAt,
	ownLastResortAt,
	ownUnavailableUntil,
	unavailableUntil,
} from "../eligibility/availability.ts";
import type { Instance } from "../instances/instance.ts";
import type { Witness } from "../resilience/guests/witness.ts";

/**
 * Number of instances from which a look at all of them is reused by other requests. In an outage every request asks for one, and each
 * would cost time in proportion to the instances.
 */
export const LARGE_SET = 500;

/**
 * Time for which a look at all instances is reused, in milliseconds per instance: 50 ms for 10,000. A look takes less than a microsecond
 * per instance, so that looks take less than a fifth of the time, however many instances there are.
 */
export const MAX_STALENESS_MS = 1 / 200;

/** Availability of candidates. */
export interface AvailabilitySummary {
	/** True if no candidate is available, room aside. */
	readonly noneAvailable: boolean;
	/** True if a candidate is available and has no room: the end of a request makes some. */
	readonly busy: boolean;
	/** Time at which a candidate may become available. `Infinity` for an unknown time. */
	readonly nextAvailableAt: number;
}

/**
 * Summarizes the availability of candidates.
 *
 * @param witness Guest whose own failures count too. The default is none.
 * @param isExcluded Returns true for a candidate that the request does not use. The default is none.
 * @param quotaExceededUntil Returns the time from which a candidate's quota may allow the request; 0 for now. The default is 0.
 */
export function summarizeAvailability(
	candidates: Iterable<Instance>,
	operation: Operation,
	now: number,
	witness?: Witness,
	isExcluded: (instance: Instance) => boolean = () => false,
	quotaExceededUntil: (instance: Instance) => number = () => 0,
): AvailabilitySummary {
	let [earliest, earliestLastResort] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
	let noneAvailable = true;
	let busy = false;
	for (const candidate of candidates) {
		const [own, ownLastResort] =
			witness === undefined
				? [0, 0]
				: [ownUnavailableUntil(candidate, operation, now, witness.guest), ownLastResortAt(candidate, operation, now, witness.guest)];
		// A request that finds no other candidate may use one that is only suspected.
		const shared = isOnlySuspected(candidate, operation, now) ? 0 : unavailableUntil(candidate, operation, now);
		const unavailable = Math.max(shared, own);
		if (unavailable === 0) noneAvailable = false;
		if (isExcluded(candidate)) continue;
		if (unavailable === 0 && !hasRoom(candidate, operation, witness)) busy = true;
		const quotaExceeded = quotaExceededUntil(candidate);
		const at = Math.max(unavailable, quotaExceeded);
		if (at > now && at < earliest) earliest = at;
		const atLastResort = Math.max(lastResortAt(candidate, operation, now), ownLastResort, quotaExceeded);
		if (atLastResort > now && atLastResort < earliestLastResort) earliestLastResort = atLastResort;
	}
	// Without any available candidate, unhealthy ones are tried sooner.
	return { noneAvailable, busy, nextAvailableAt: noneAvailable ? Math.min(earliest, earliestLastResort) : earliest };
}
