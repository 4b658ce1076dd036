import type { Operation } from "../../../generated/ir/operations.ts";
import type { Instance } from "../instances/instance.ts";
import type { Reason } from "./static-rejection.ts";

/** Returns the reason why an instance that can serve the request cannot do so now; `undefined` if it can. */
export function transientRejection(instance: Instance, operation: Operation, now: number): Reason | undefined {
	const { keys, stats } = instance;
	const { breaker } = stats;
	if (!keys.present) return { reason: "no_key" };
	if (keys.allRejected(now)) return { reason: "no_key", detail: "the upstream rejected every key that is set" };
	if (!breaker.permits(now)) {
		const next = breaker.state(now) === "open" ? `next trial in ${inMs(breaker.openUntil, now)}` : "a trial is in flight";
		return { reason: "unhealthy", detail: `${breaker.failures} failures in a row; ${next}` };
	}
	const ejectedUntil = stats.ejectedUntil(now);
	if (ejectedUntil > 0) return { reason: "unhealthy", detail: `ejected as worse than its peers; available in ${inMs(ejectedUntil, now)}` };
	const coolsDownUntil = keys.unavailableUntil(now);
	if (coolsDownUntil > 0) return { reason: "rate_limited", detail: `its keys cool down; available in ${inMs(coolsDownUntil, now)}` };
	if (!hasRoom(instance, operation)) return { reason: "saturated", detail: `${stats.inFlight} requests are in flight` };
	return undefined;
}

/** Returns true if one more request stays within the concurrency limits of the instance. */
export function hasRoom({ concurrency, operations, stats }: Instance, operation: Operation): boolean {
	if (stats.inFlight >= concurrency) return false;
	const ofOperation = operations.get(operation)?.rates.concurrency ?? Number.POSITIVE_INFINITY;
	return ofOperation === Number.POSITIVE_INFINITY || stats.inFlightOf(operation) < ofOperation;
}

/** Returns the time from which an instance is available, room aside: 0 for now, `Infinity` for an unknown time. */
export function unavailableUntil({ keys, stats }: Instance, now: number): number {
	const { breaker } = stats;
	const openUntil = breaker.permits(now) ? 0 : breaker.openUntil;
	return Math.max(openUntil, stats.ejectedUntil(now), keys.unavailableUntil(now));
}

/**
 * Returns the time from which an instance may be tried if no candidate is available: 0 for now, `Infinity` for an unknown time. Ignores
 * ejection and shortens open periods. A key that cannot be used stays so.
 */
export function lastResortAt({ keys, stats }: Instance, now: number): number {
	const { breaker } = stats;
	return Math.max(breaker.permitsLastResort(now) ? 0 : breaker.lastResortAt, keys.unavailableUntil(now));
}

function inMs(then: number, now: number): string {
	return Number.isFinite(then) ? `${Math.max(0, Math.round(then - now))} ms` : "an unknown time";
}
