import type * as types from "../../../generated/ir/types.ts";

/** The reason for an attempt. */
export type AttemptRole =
	| "first"
	/** After a failure, at another instance. */
	| "fallback"
	/** After a failure, at an instance that was tried before. */
	| "retry"
	/** Concurrent with others that have no output yet. */
	| "hedge";

/** An attempt, with details that only the host sees. */
export interface RouteAttempt extends types.Attempt {
	readonly role: AttemptRole;
	/** Start of the attempt, in milliseconds since the request reached the router. */
	readonly start_ms: number;
	/** Time from the start of the attempt to its first output, in milliseconds. Absent without an output. */
	readonly first_output_ms?: number;
	/** Position of the key that it used among the instance's keys, from 1. Absent for an instance with at most one. */
	readonly key?: number;
}

/** An instance that the policy compared, with its statistics at that moment. */
export interface Consideration {
	/** Name of the instance. */
	readonly backend: string;
	/** Score by which the policy compares instances; the lower the better. Absent for a policy without scores. */
	readonly score?: number;
	/** Number of requests in flight. */
	readonly in_flight: number;
	/** Average latency until the first output, in milliseconds. Absent if it was never measured. */
	readonly latency_ms?: number;
}

/** An event of a request besides its attempts. */
export interface RouteEvent {
	/** Milliseconds since the request reached the router. */
	readonly at_ms: number;
	/**
	 * - `queued`: the request waited for an instance; `at_ms` is the start of the wait.
	 * - `backed_off`: the request pauses before a retry.
	 * - `limited`: a limit or a budget is used up.
	 * - `key_rejected`, `key_cooldown`: the key of an attempt is not used for a while.
	 * - `breaker_opened`, `recovered`: the breaker of an instance opened or closed.
	 * - `ejected`: an instance was ejected.
	 * - `hedge_denied`: the hedge budget is used up.
	 * - `mirrored`: a copy of the request was sent.
	 */
	readonly type:
		| "queued"
		| "backed_off"
		| "limited"
		| "key_rejected"
		| "key_cooldown"
		| "breaker_opened"
		| "recovered"
		| "ejected"
		| "hedge_denied"
		| "mirrored";
	/** Name of the instance. Absent if the event is about no instance. */
	readonly backend?: string;
	/** Details in words, e.g. a duration. */
	readonly detail?: string;
}

/** The explanation of one decision as the host sees it. Guests see the part in {@link types.Explanation}. */
export interface RouteExplanation extends types.Explanation {
	attempts: RouteAttempt[];
	/** Instances that the policy compared, for each attempt in order. */
	considered: Consideration[];
	events: RouteEvent[];
	/** Differences between the request and its treatment by the chosen instance. Absent for none. */
	downgrades?: types.Downgrade[];
	/** Usage that the answer reported. Absent for none. */
	usage?: types.Usage;
	/** Cost of the answer, in the currency of the prices. Absent for an unknown cost. */
	cost?: number;
}

/** The eligibility of all instances for one request. Each instance is in exactly one of the two lists. */
export interface EligibilityReport {
	/** Names of the instances that can serve the request, the preferred ones first. */
	readonly eligible: readonly string[];
	readonly rejected: readonly types.Rejection[];
}
