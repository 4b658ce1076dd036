import type { Operation } from "../../../generated/ir/operations.ts";
import type { Instance } from "../instances/instance.ts";
import type { Suspicion } from "../resilience/peers/suspicion.ts";
import { hasRoom } from "./availability.ts";
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
		const reports = open === health.breaker ? health.openedBy : undefined;
		if (reports !== undefined) return { reason: "unhealthy", detail: `opened by hints: ${reports.reason}; ${next}` };
		const whose = open === own ? " of this guest" : "";
		return { reason: "unhealthy", detail: `${open.failures} failures${whose} in a row; ${next}` };
	}
	const ejectedUntil = Math.max(health.ejectedUntil(now), guest === undefined ? 0 : health.ownUnavailableUntil(guest, now));
	if (ejectedUntil > 0) return { reason: "unhealthy", detail: `ejected as worse than its peers; available in ${inMs(ejectedUntil, now)}` };
	const coolsDownUntil = keys.unavailableUntil(now, guest);
	if (coolsDownUntil > 0) return { reason: "rate_limited", detail: `its keys cool down; available in ${inMs(coolsDownUntil, now)}` };
	const suspicion =
		health.suspectedUntil(now) > 0 ? health.suspicionAt(now) : keys.suspectedUntil(now) > 0 ? keys.suspicionAt(now) : undefined;
	if (suspicion !== undefined) return { reason: "unhealthy", detail: `suspected: ${suspicion.reason}; ${nextTry(suspicion, now)}` };
	if (!hasRoom(instance, operation)) return { reason: "saturated", detail: saturation(stats) };
	return undefined;
}

function saturation({ inFlight, sharedPlaces }: Instance["stats"]): string {
	const { all } = sharedPlaces ?? {};
	const held = all === undefined ? "" : `; this host holds ${all.allowed} places of the limit that hosts share`;
	return `${inFlight} requests are in flight${held}${all?.detail === undefined ? "" : `; ${all.detail}`}`;
}

function nextTry({ trialAt }: Suspicion, now: number): string {
	return now < trialAt ? `one request tries it in ${inMs(trialAt, now)}` : "one request tries it now";
}

function inMs(then: number, now: number): string {
	return Number.isFinite(then) ? `${Math.max(0, Math.round(then - now))} ms` : "an unknown time";
}
