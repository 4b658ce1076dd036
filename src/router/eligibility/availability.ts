import type { Operation } from "../../../generated/ir/operations.ts";
import type { Instance } from "../instances/instance.ts";
import { placesOfGuest } from "../limits/guest-places.ts";
import { allowedBy } from "../limits/shared-places.ts";
import type { Witness } from "../resilience/guests/witness.ts";

/** Returns true if the instance limits the concurrent requests of the operation. */
export function isLimited({ concurrency, operations }: Instance, operation: Operation): boolean {
	return concurrency !== Number.POSITIVE_INFINITY || limitOf(operations, operation) !== Number.POSITIVE_INFINITY;
}

/**
 * Returns true if one more request stays within the concurrency limits of the instance.
 *
 * @param witness The guest of the request. A guest cannot hold the last place while others send requests. The default is none.
 */
export function hasRoom({ concurrency, operations, stats }: Instance, operation: Operation, witness?: Witness): boolean {
	const { sharedPlaces: shared } = stats;
	const all = shared === undefined ? concurrency : allowedBy(shared.all, concurrency, stats.inFlight);
	if (stats.inFlight >= all) return false;
	const limit = limitOf(operations, operation);
	const ofOperation = shared === undefined ? limit : allowedBy(shared.byOperation.get(operation), limit, stats.inFlightOf(operation));
	if (ofOperation !== Number.POSITIVE_INFINITY && stats.inFlightOf(operation) >= ofOperation) return false;
	if (witness === undefined || witness.alone) return true;
	const { guestPlaces } = stats;
	if (all !== Number.POSITIVE_INFINITY && guestPlaces.all(witness.guest) >= placesOfGuest(all, witness)) return false;
	return ofOperation === Number.POSITIVE_INFINITY || guestPlaces.of(witness.guest, operation) < placesOfGuest(ofOperation, witness);
}

function limitOf(operations: Instance["operations"], operation: Operation): number {
	return operations.get(operation)?.rates.concurrency ?? Number.POSITIVE_INFINITY;
}

/**
 * Returns the time from which an instance is available for all guests, room aside: 0 for now, `Infinity` for an unknown time. A suspected instance is
 * available if no other request tries it.
 */
export function unavailableUntil({ keys, stats }: Instance, operation: Operation, now: number): number {
	const health = stats.health(operation);
	const { breaker } = health;
	const openUntil = breaker.permits(now) ? 0 : breaker.openUntil;
	const until = Math.max(openUntil, health.ejectedUntil(now), keys.unavailableUntil(now));
	if (!health.maybeSuspected && !keys.maybeSuspected) return until;
	return Math.max(until, health.suspectedUntil(now), keys.suspectedUntil(now));
}

/**
 * Returns the time from which an instance may be tried if no candidate is available: 0 for now, `Infinity` for an unknown time. Ignores
 * ejection and suspicions, and shortens open periods. A key that cannot be used stays so.
 */
export function lastResortAt({ keys, stats }: Instance, operation: Operation, now: number): number {
	const { breaker } = stats.health(operation);
	return Math.max(breaker.permitsLastResort(now) ? 0 : breaker.lastResortAt, keys.unavailableUntil(now));
}

/** Returns true if hints of other hosts are all that keeps requests from an instance. */
export function isOnlySuspected({ keys, stats }: Instance, operation: Operation, now: number): boolean {
	const health = stats.health(operation);
	if (!health.maybeSuspected && !keys.maybeSuspected) return false;
	if (health.suspectedUntil(now) === 0 && keys.suspectedUntil(now) === 0) return false;
	return health.breaker.permits(now) && health.ejectedUntil(now) === 0 && keys.unavailableUntil(now) === 0;
}

/** Returns the end of the suspicions of an instance and its keys; 0 for none. */
export function suspicionEndsAt({ keys, stats }: Instance, operation: Operation, now: number): number {
	return Math.max(
		stats.health(operation).suspicionAt(now)?.until ?? 0,
		keys.suspectedUntil(now) === 0 ? 0 : (keys.suspicionAt(now)?.until ?? 0),
	);
}

/** Returns the time from which an instance is available to a guest, as far as that guest alone is concerned: 0 for now. */
export function ownUnavailableUntil({ keys, stats }: Instance, operation: Operation, now: number, guest: string): number {
	return Math.max(stats.health(operation).ownUnavailableUntil(guest, now), keys.ownUnavailableUntil(now, guest));
}

/** Returns the time from which a guest may try an instance as its last resort, as far as that guest alone is concerned: 0 for now. */
export function ownLastResortAt({ keys, stats }: Instance, operation: Operation, now: number, guest: string): number {
	return Math.max(stats.health(operation).ownLastResortAt(guest, now), keys.ownUnavailableUntil(now, guest));
}
