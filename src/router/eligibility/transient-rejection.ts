import type { Operation } from "../../../generated/ir/operations.ts";
import type { Instance } from "../instances/instance.ts";
import { placesOfGuest } from "../limits/guest-places.ts";
import type { Witness } from "../resilience/guests/witness.ts";
import type { Reason } from "./static-rejection.ts";

/**
 * Returns the reason why an instance that can serve the request cannot do so now; `undefined` if it can.
 *
 * @param guest Guest whose own failures count too. The default is none.
 */
export function transientRejection(instance: Instance, operation: Operation, now: number, guest?: string): Reason | undefined {
	const { keys, stats } = instance;
	const health = stats.health(operation);
	if (!keys.present) return { reason: "no_key" };
	if (keys.allRejected(now, guest)) return { reason: "no_key", detail: "the upstream rejected every key that is set" };
	const own = guest === undefined ? undefined : health.ownBreaker(guest);
	const open = [health.breaker, own].find((breaker) => breaker?.permits(now) === false);
	if (open !== undefined) {
		const next = open.state(now) === "open" ? `next trial in ${inMs(open.openUntil, now)}` : "a trial is in flight";
		const whose = open === own ? " of this guest" : "";
		return { reason: "unhealthy", detail: `${open.failures} failures${whose} in a row; ${next}` };
	}
	const ejectedUntil = Math.max(health.ejectedUntil(now), guest === undefined ? 0 : health.ownUnavailableUntil(guest, now));
	if (ejectedUntil > 0) return { reason: "unhealthy", detail: `ejected as worse than its peers; available in ${inMs(ejectedUntil, now)}` };
	const coolsDownUntil = keys.unavailableUntil(now, guest);
	if (coolsDownUntil > 0) return { reason: "rate_limited", detail: `its keys cool down; available in ${inMs(coolsDownUntil, now)}` };
	if (!hasRoom(instance, operation)) return { reason: "saturated", detail: `${stats.inFlight} requests are in flight` };
	return undefined;
}

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
	if (stats.inFlight >= concurrency) return false;
	const ofOperation = limitOf(operations, operation);
	if (ofOperation !== Number.POSITIVE_INFINITY && stats.inFlightOf(operation) >= ofOperation) return false;
	if (witness === undefined || witness.alone) return true;
	const { guestPlaces } = stats;
	if (concurrency !== Number.POSITIVE_INFINITY && guestPlaces.all(witness.guest) >= placesOfGuest(concurrency, witness)) return false;
	return ofOperation === Number.POSITIVE_INFINITY || guestPlaces.of(witness.guest, operation) < placesOfGuest(ofOperation, witness);
}

function limitOf(operations: Instance["operations"], operation: Operation): number {
	return operations.get(operation)?.rates.concurrency ?? Number.POSITIVE_INFINITY;
}

/** Returns the time from which an instance is available for all guests, room aside: 0 for now, `Infinity` for an unknown time. */
export function unavailableUntil({ keys, stats }: Instance, operation: Operation, now: number): number {
	const health = stats.health(operation);
	const { breaker } = health;
	const openUntil = breaker.permits(now) ? 0 : breaker.openUntil;
	return Math.max(openUntil, health.ejectedUntil(now), keys.unavailableUntil(now));
}

/**
 * Returns the time from which an instance may be tried if no candidate is available: 0 for now, `Infinity` for an unknown time. Ignores
 * ejection and shortens open periods. A key that cannot be used stays so.
 */
export function lastResortAt({ keys, stats }: Instance, operation: Operation, now: number): number {
	const { breaker } = stats.health(operation);
	return Math.max(breaker.permitsLastResort(now) ? 0 : breaker.lastResortAt, keys.unavailableUntil(now));
}

/** Returns the time from which an instance is available to a guest, as far as that guest alone is concerned: 0 for now. */
export function ownUnavailableUntil({ keys, stats }: Instance, operation: Operation, now: number, guest: string): number {
	return Math.max(stats.health(operation).ownUnavailableUntil(guest, now), keys.ownUnavailableUntil(now, guest));
}

/** Returns the time from which a guest may try an instance as its last resort, as far as that guest alone is concerned: 0 for now. */
export function ownLastResortAt({ keys, stats }: Instance, operation: Operation, now: number, guest: string): number {
	return Math.max(stats.health(operation).ownLastResortAt(guest, now), keys.ownUnavailableUntil(now, guest));
}

function inMs(then: number, now: number): string {
	return Number.isFinite(then) ? `${Math.max(0, Math.round(then - now))} ms` : "an unknown time";
}
