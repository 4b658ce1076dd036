import type * as types from "../../../generated/ir/types.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import type { RouteAttempt, RouteEvent, RouteExplanation } from "./explanation.ts";

/** The end of an attempt, for the host's log. */
export interface AttemptOutcome {
	/** Name of the instance. */
	readonly backend: string;
	/** Name of the key that the attempt used, such as its environment variable. Absent for an instance that needs no key. */
	readonly key?: string;
	/** The failure with its cause. Absent for a success. */
	readonly error?: SpearError;
}

/** A decision of the router, and its outcome. */
export interface RouteDecision {
	readonly type: "decision";
	readonly requestId: string;
	readonly operation: string;
	/** Name of the instance chosen last. Absent for none. */
	readonly chosen?: string;
	/** Attempts that have ended, in order. */
	readonly attempts: readonly RouteAttempt[];
	/** The full explanation. Made at the first access, which takes a while with thousands of instances. */
	readonly explanation: RouteExplanation;
	/** Ends of the attempts with the causes of failures, in the order of `attempts`; for the host's log. */
	readonly outcomes: readonly AttemptOutcome[];
	/** Usage that the answer reported. Absent for none. */
	readonly usage?: types.Usage;
	/** Cost of the answer, in the currency of the prices. Absent for an unknown cost. */
	readonly cost?: number;
	/** Error that the request failed with. Absent for a success. */
	readonly error?: SpearError;
	/** Events of the request besides its attempts, in order. Absent for none. */
	readonly events?: readonly RouteEvent[];
	/** Id of the trace that the request belongs to: 32 lower-case hexadecimal digits. Absent for none. */
	readonly traceId?: string;
}
