import type { Operation } from "../../../generated/ir/operations.ts";
import type { Instance } from "../instances/instance.ts";
import type { Reason } from "./static-rejection.ts";

/** Why an instance can take no request at this moment, although it could at another; `undefined` when it can. */
export function transientRejection(instance: Instance, operation: Operation, now: number): Reason | undefined {
	const { keys, stats } = instance;
	if (!keys.present) return { reason: "no_key" };
	if (keys.allRejected(now)) return { reason: "no_key", detail: "the backend refused every key that is set" };
	if (!stats.breaker.permits(now)) {
		const failed = `it failed ${stats.breaker.failures} times in a row`;
		const then = stats.breaker.state(now) === "open" ? `tried again in ${inMs(stats.breaker.openUntil, now)}` : "one request is trying it";
		return { reason: "unhealthy", detail: `${failed}; ${then}` };
	}
	const ejected = stats.ejectedUntil(now);
	if (ejected > 0) return { reason: "unhealthy", detail: `it does worse than those beside it; back in ${inMs(ejected, now)}` };
	const resting = keys.unavailableUntil(now);
	if (resting > 0) return { reason: "rate_limited", detail: `it asked to wait; again in ${inMs(resting, now)}` };
	if (!hasRoom(instance, operation)) return { reason: "saturated", detail: `${stats.inFlight} requests are in flight` };
	return undefined;
}

/** Whether one more request keeps within what the instance takes at a time. */
export function hasRoom({ concurrency, operations, stats }: Instance, operation: Operation): boolean {
	if (stats.inFlight >= concurrency) return false;
	const own = operations.get(operation)?.rates.concurrency ?? Number.POSITIVE_INFINITY;
	return own === Number.POSITIVE_INFINITY || stats.inFlightOf(operation) < own;
}

/** From when on an instance may be in again: 0 when it is, `Infinity` when that is not in sight. Room is left aside. */
export function unavailableUntil({ keys, stats }: Instance, now: number): number {
	const { breaker } = stats;
	const open = breaker.permits(now) ? 0 : breaker.openUntil;
	return Math.max(open, stats.ejectedUntil(now), keys.unavailableUntil(now));
}

/** The same where nobody else can serve: what takes an instance out for its health alone is tried sooner then. */
export function lastResortAt({ keys, stats }: Instance, now: number): number {
	const { breaker } = stats;
	return Math.max(breaker.permitsLastResort(now) ? 0 : breaker.lastResortAt, keys.unavailableUntil(now));
}

function inMs(then: number, now: number): string {
	return Number.isFinite(then) ? `${Math.max(0, Math.round(then - now))} ms` : "a while";
}
