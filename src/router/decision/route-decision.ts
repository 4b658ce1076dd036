import type * as types from "../../../generated/ir/types.ts";
import type { SpearError } from "../../errors/spear-error.ts";
import type { RouteAttempt, RouteExplanation } from "./explanation.ts";

/** One decision and how it ended. */
export interface RouteDecision {
	readonly type: "decision";
	readonly requestId: string;
	readonly operation: string;
	/** The instance chosen last, if any. */
	readonly chosen?: string;
	/** Every attempt that has ended, in order. */
	readonly attempts: readonly RouteAttempt[];
	/** The whole account. It is put together when it is asked for first: with many instances that takes a while. */
	readonly explanation: RouteExplanation;
	/** The failures after which another attempt was made, with their causes; for the host's log. Absent when there was none. */
	readonly fallenBackFrom?: readonly SpearError[];
	/** Tokens of the answer, when reported. */
	readonly usage?: types.Usage;
	/** What the answer has cost, in the currency of the prices; absent when that is not known. */
	readonly cost?: number;
	/** Absent when the request succeeded. */
	readonly error?: SpearError;
}
