import type { Operation } from "../../../generated/ir/operations.ts";
import type { GuestIdentity } from "../../identity/guest-identity.ts";
import type { Instance, Rate } from "../instances/instance.ts";
import type { GuestSettings } from "../settings.ts";
import { budgetWindow, budgetWindowEnd } from "./budget-window.ts";
import type { LimitStore } from "./limit-store.ts";
import { guestBucket, keyBucket, secondBurst } from "./request-charges.ts";

/** A limit, and the amount that is left of it. */
export interface LimitStatus {
	readonly kind:
		| "requests_per_second"
		| "requests_per_minute"
		| "tokens_per_minute"
		| "concurrency"
		| "budget_per_hour"
		| "budget_per_day"
		| "budget_per_month";
	readonly limit: number;
	/** Amount that may be used now, from 0: at most a tenth of a limit per second. Absent if the store of the limits does not tell. */
	readonly left?: number;
	/** Time at which a budget begins again, in milliseconds since 1970. Absent for other limits. */
	readonly resetsAtMs?: number;
	/** Position of the key that the limit is counted for, from 1. Absent unless the instance has several keys. */
	readonly key?: number;
}

/** Returns the limits of an instance for all operations together. */
export function instanceLimits(instance: Instance, store: LimitStore): LimitStatus[] {
	const shared = [...instance.operations.values()].map(({ rates }) => rates);
	const rate = (of: "requestsPerSecond" | "requestsPerMinute" | "tokensPerMinute") =>
		shared.map((rates) => rates[of]).find((each) => each?.ofOperation === false);
	return [
		...concurrency(instance.concurrency, instance.stats.inFlight),
		...keyLimits(instance, undefined, "requests_per_second", rate("requestsPerSecond"), store),
		...keyLimits(instance, undefined, "requests_per_minute", rate("requestsPerMinute"), store),
		...keyLimits(instance, undefined, "tokens_per_minute", rate("tokensPerMinute"), store),
	];
}

/** Returns the limits of an instance for one operation alone. */
export function operationLimits(instance: Instance, operation: Operation, store: LimitStore): LimitStatus[] {
	const rates = instance.operations.get(operation)?.rates;
	if (rates === undefined) return [];
	const own = (rate: Rate | undefined): Rate | undefined => (rate?.ofOperation === true ? rate : undefined);
	return [
		...concurrency(rates.concurrency, instance.stats.inFlightOf(operation)),
		...keyLimits(instance, operation, "requests_per_second", own(rates.requestsPerSecond), store),
		...keyLimits(instance, operation, "requests_per_minute", own(rates.requestsPerMinute), store),
		...keyLimits(instance, operation, "tokens_per_minute", own(rates.tokensPerMinute), store),
	];
}

/**
 * Returns the limits of a guest.
 *
 * @param inFlight Requests of the guest in flight. `undefined` if they are not counted.
 * @param wallMs Milliseconds since 1970.
 */
export function guestLimits(
	{ id }: GuestIdentity,
	{ requestsPerSecond, requestsPerMinute, tokensPerMinute, concurrency: places, budget }: GuestSettings,
	inFlight: number | undefined,
	store: LimitStore,
	wallMs: number,
): LimitStatus[] {
	const limits = places === undefined ? [] : concurrency(places, inFlight ?? 0);
	if (requestsPerSecond !== undefined) {
		const bucket = guestBucket(id, "requests", "second");
		limits.push({ kind: "requests_per_second", limit: requestsPerSecond, ...left(store, bucket, secondBurst(requestsPerSecond)) });
	}
	if (requestsPerMinute !== undefined) {
		limits.push({ kind: "requests_per_minute", limit: requestsPerMinute, ...left(store, guestBucket(id, "requests"), requestsPerMinute) });
	}
	if (tokensPerMinute !== undefined) {
		limits.push({ kind: "tokens_per_minute", limit: tokensPerMinute, ...left(store, guestBucket(id, "tokens"), tokensPerMinute) });
	}
	if (budget !== undefined) {
		const { amount, per } = budget;
		const bucket = guestBucket(id, "money", budgetWindow(per, wallMs).id);
		limits.push({ kind: `budget_per_${per}`, limit: amount, ...left(store, bucket, amount), resetsAtMs: budgetWindowEnd(per, wallMs) });
	}
	return limits;
}

function concurrency(limit: number, inFlight: number): LimitStatus[] {
	return Number.isFinite(limit) ? [{ kind: "concurrency", limit, left: Math.max(0, limit - inFlight) }] : [];
}

const BUCKET_OF = {
	requests_per_second: ["requests", "second"],
	requests_per_minute: ["requests", undefined],
	tokens_per_minute: ["tokens", undefined],
} as const;

function keyLimits(
	{ name, keys: { keys } }: Instance,
	operation: Operation | undefined,
	kind: "requests_per_second" | "requests_per_minute" | "tokens_per_minute",
	rate: Rate | undefined,
	store: LimitStore,
): LimitStatus[] {
	if (rate === undefined) return [];
	const [unit, per] = BUCKET_OF[kind];
	return keys.map(({ number }) => ({
		kind,
		limit: rate.amount,
		...left(store, keyBucket(name, number, operation, unit, per), per === undefined ? rate.amount : secondBurst(rate.amount)),
		...(keys.length > 1 ? { key: number } : {}),
	}));
}

/** A bucket that was never drawn from is full. A level may be above a limit that a reload has lowered. */
function left(store: LimitStore, bucket: string, capacity: number): Pick<LimitStatus, "left"> {
	return store.level === undefined ? {} : { left: Math.min(capacity, store.level(bucket) ?? capacity) };
}
