import type * as types from "../../../generated/ir/types.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import type { RouteAttempt, RouteExplanation } from "./explanation.ts";

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
	/** Failures after which another attempt was made, with their causes; for the host's log. Absent for none. */
	readonly fallenBackFrom?: readonly SpearError[];
	/** Usage that the answer reported. Absent for none. */
	readonly usage?: types.Usage;
	/** Cost of the answer, in the currency of the prices. Absent for an unknown cost. */
	readonly cost?: number;
	/** Error that the request failed with. Absent for a success. */
	readonly error?: SpearError;
}
