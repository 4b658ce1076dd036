import type { SpearError } from "../../src/errors/spear-error.ts";
import type { RouteAttempt, RouteEvent } from "../../src/router/decision/explanation.ts";
import type { Upstream } from "./upstream.ts";

/** What became of one request, as its caller saw it. */
export interface RequestRecord {
	/** When it came, in milliseconds from the start. */
	readonly at: number;
	/** How long its caller waited, in milliseconds. */
	readonly latencyMs: number;
	readonly attempts: readonly RouteAttempt[];
	/** Who answered; absent when it failed. */
	readonly instance?: string;
	/** Absent when it was answered. */
	readonly error?: SpearError;
}

/** Something the router did besides attempts. */
export interface EventRecord {
	/** In milliseconds from the start. */
	readonly at: number;
	readonly type: RouteEvent["type"];
	/** The instance it is about, if it is about one. */
	readonly instance?: string;
	/** Of an opened breaker: until when. */
	readonly outUntil?: number;
}

/** All that happened in one simulation. */
export interface Run {
	/** In the order they came. */
	readonly requests: readonly RequestRecord[];
	readonly events: readonly EventRecord[];
	/** By instance. */
	readonly upstreams: ReadonlyMap<string, Upstream>;
	/** For how long requests came, in milliseconds. */
	readonly forMs: number;
}
