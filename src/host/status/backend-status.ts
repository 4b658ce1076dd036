import type { Feature, Operation, Transport } from "../../../generated/ir/operations.ts";
import { unavailableUntil } from "../../router/eligibility/availability.ts";
import type { Capabilities, Instance } from "../../router/instances/instance.ts";
import type { Key } from "../../router/instances/keys/key.ts";
import type { LimitStatus } from "../../router/limits/limit-status.ts";
import type { BreakerState } from "../../router/resilience/circuit-breaker.ts";
import type { Router } from "../../router/router.ts";
import type { AttemptCounts, AttemptMeter } from "./attempt-meter.ts";

/**
 * Health of a backend for the requests of all guests, by the operations that had attempts; by all operations if none had.
 *
 * - `healthy`: every operation is available.
 * - `degraded`: some operations are unavailable, or recover from a failure.
 * - `unavailable`: no operation is available, e.g. because no key can be used.
 * - `draining`, `disabled`: set so by `override`.
 */
export type BackendHealth = "healthy" | "degraded" | "unavailable" | "draining" | "disabled";

/** The state of one key of a backend. */
export interface KeyStatus {
	/** Position among the keys of the backend, from 1. */
	readonly number: number;
	readonly state: "usable" | "missing" | "rejected" | "cooling_down";
	/** Time at which the key is tried again, in milliseconds since 1970. Absent for a usable key, and if it is unknown. */
	readonly untilMs?: number;
}

/** The state of a backend for one operation. Times are in milliseconds since 1970. */
export interface OperationStatus extends AttemptCounts {
	readonly operation: Operation;
	/** Models by the names that guests use. An empty list means any model that a request names. */
	readonly models: readonly string[];
	readonly features: readonly Feature[];
	readonly transports: readonly Transport[];
	/** True if a request of a new guest could be sent now. */
	readonly available: boolean;
	readonly inFlight: number;
	readonly breaker: BreakerState;
	/** Failures since the last success. */
	readonly consecutiveFailures: number;
	/** End of the open period. Absent for a breaker that is not open. */
	readonly breakerOpenUntilMs?: number;
	/** Absent if the backend is not ejected. */
	readonly ejectedUntilMs?: number;
	/** Part of its share that the backend gets, from 0.1 to 1. Below 1 only after a recovery. */
	readonly slowStartFactor: number;
	/** Limits of this operation alone. */
	readonly limits: readonly LimitStatus[];
}

/** The settings of a backend in force, and its state. Holds no URL and no key. */
export interface BackendStatus {
	readonly name: string;
	readonly kind: string;
	readonly isEmbedded: boolean;
	readonly health: BackendHealth;
	/** False: the backend gets no new requests. */
	readonly enabled: boolean;
	/** True: the backend gets new requests only of sessions that it served last. */
	readonly draining: boolean;
	/** Weight in force. */
	readonly weight: number;
	/** Weight in the configuration. */
	readonly configuredWeight: number;
	readonly priority: number;
	readonly region?: string;
	/** True if a key is set, and for a backend that needs none. */
	readonly hasKey: boolean;
	/** Names of the environment variables of keys that are not set, and absolute paths of files without a key. */
	readonly missingKeys: readonly string[];
	/** Empty for a backend that needs no key. */
	readonly keys: readonly KeyStatus[];
	/** Requests, streams and sessions in flight. */
	readonly inFlight: number;
	/** Limits of all operations together. */
	readonly limits: readonly LimitStatus[];
	readonly operations: readonly OperationStatus[];
}

/** The parts of a host that the status of its backends is made of. */
export interface BackendStatusSource {
	readonly router: Pick<Router, "instanceLimits" | "overrideOf">;
	readonly meter: AttemptMeter;
	readonly isEmbedded: boolean;
	readonly missingKeys: (backend: string) => readonly string[];
	/** Time of the router's clock, in milliseconds. */
	readonly now: number;
	/** The same time in milliseconds since 1970. */
	readonly wallMs: number;
}

/**
 * Returns the status of a backend.
 *
 * @param configuredWeight Weight of the backend without an override.
 */
export function backendStatus(instance: Instance, configuredWeight: number, source: BackendStatusSource): BackendStatus {
	const { name, kind, weight, priority, region, keys, stats } = instance;
	const { enabled = true, draining = false } = source.router.overrideOf(name);
	const operations = [...instance.operations].map(([operation, offered]) => operationStatus(instance, operation, offered, source));
	return {
		name,
		kind,
		isEmbedded: source.isEmbedded,
		health: instance.setAside ?? healthOf(operations),
		enabled,
		draining,
		weight,
		configuredWeight,
		priority,
		...(region === undefined ? {} : { region }),
		hasKey: keys.present,
		missingKeys: source.missingKeys(name),
		keys: keys.keys.filter((key) => key.name !== undefined).map((key) => keyStatus(key, source)),
		inFlight: stats.inFlight,
		limits: source.router.instanceLimits(instance),
		operations,
	};
}

function operationStatus(instance: Instance, operation: Operation, offered: Capabilities, source: BackendStatusSource): OperationStatus {
	const { now, wallMs } = source;
	const { stats } = instance;
	const health = stats.health(operation);
	const { breaker } = health;
	const state = breaker.state(now);
	const ejectedUntil = health.ejectedUntil(now);
	return {
		operation,
		models: offered.models.map(({ name }) => name),
		features: [...offered.features],
		transports: [...offered.transports],
		available: instance.setAside === undefined && instance.weight > 0 && unavailableUntil(instance, operation, now) === 0,
		inFlight: stats.inFlightOf(operation),
		breaker: state,
		consecutiveFailures: breaker.failures,
		...(state === "open" ? { breakerOpenUntilMs: wallTime(breaker.openUntil, source) } : {}),
		...(ejectedUntil === 0 ? {} : { ejectedUntilMs: wallTime(ejectedUntil, source) }),
		slowStartFactor: stats.slowStartFactor(operation, now),
		limits: source.router.instanceLimits(instance, operation),
		...source.meter.counts(instance.name, operation, wallMs),
	};
}

/** Operations without attempts tell nothing: most backends offer more than their requests use. */
function healthOf(offered: readonly OperationStatus[]): BackendHealth {
	const used = offered.filter(({ attempts }) => attempts > 0);
	const operations = used.length === 0 ? offered : used;
	if (!operations.some(({ available }) => available)) return "unavailable";
	const recovers = operations.some(({ available, breaker, slowStartFactor }) => !available || breaker !== "closed" || slowStartFactor < 1);
	return recovers ? "degraded" : "healthy";
}

function keyStatus(key: Key, source: BackendStatusSource): KeyStatus {
	const { number } = key;
	if (!key.present) return { number, state: "missing" };
	const until = key.unavailableUntil(source.now);
	if (until === 0) return { number, state: "usable" };
	const state = key.isRejected(source.now) ? "rejected" : "cooling_down";
	return { number, state, ...(Number.isFinite(until) ? { untilMs: wallTime(until, source) } : {}) };
}

/** Converts a time of the router's clock. */
function wallTime(then: number, { now, wallMs }: BackendStatusSource): number {
	return Math.round(wallMs + then - now);
}
