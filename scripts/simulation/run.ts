import type { SpearError } from "../../src/errors/spear-error.ts";
import type { RouteAttempt, RouteEvent } from "../../src/router/decision/explanation.ts";
import type { Upstream } from "../../src/simulation/upstream.ts";

/** A request, as its caller saw it. */
export interface RequestRecord {
	/** Arrival, in milliseconds from the start. */
	readonly at: number;
	/** Time until the answer or the error, in milliseconds. */
	readonly latencyMs: number;
	readonly attempts: readonly RouteAttempt[];
	/** Name of the guest. Absent for requests without one. */
	readonly guest?: string;
	/** Name of the instance that answered. Absent for a failure. */
	readonly instance?: string;
	/** Absent for a success. */
	readonly error?: SpearError;
}

/** An event of the router besides attempts. */
export interface EventRecord {
	/** In milliseconds from the start. */
	readonly at: number;
	readonly type: RouteEvent["type"];
	/** Name of the instance. Absent if the event is about none. */
	readonly instance?: string;
	/** End of the open period of a breaker that opened, in milliseconds from the start. Absent for other events. */
	readonly openUntil?: number;
}

/** The record of one simulation. */
export interface Run {
	/** In the order of their arrival. */
	readonly requests: readonly RequestRecord[];
	readonly events: readonly EventRecord[];
	/** By the name of the instance. */
	readonly upstreams: ReadonlyMap<string, Upstream>;
	/** Time in which requests arrived, in milliseconds. */
	readonly forMs: number;
}
