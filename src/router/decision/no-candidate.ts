import type * as types from "../../../generated/ir/types.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** Reasons that disappear without a change of request or configuration, so that the same request may succeed later. */
const TRANSIENT: ReadonlySet<types.RejectionReason> = new Set(["unhealthy", "saturated", "rate_limited"]);

/** Reasons that no change of the instance's state could remove, but a change of the request could. */
const LACKING: ReadonlySet<types.RejectionReason> = new Set(["feature", "transport", "degradation"]);

/** Instances that a message names. Further ones are counted; the explanation names all. */
const MAX_NAMED = 8;

/**
 * Returns the error for a request that no instance can serve:
 * - `missing_capabilities`, if every instance that serves the operation lacks a feature or a transport, or rejects a field,
 * - `rate_limited`, if each transient reason is a lack of room or quota,
 * - `no_candidate_backend` otherwise.
 *
 * The error is retryable if a reason is transient.
 *
 * @param retryAfterMs Time after which a retry may succeed, in milliseconds. `undefined` for an unknown time.
 * @param cause Details for the host's log. `undefined` for none.
 */
export function noCandidateError(explanation: types.Explanation, retryAfterMs?: number, cause?: Error): SpearError {
	const { operation, rejected } = explanation;
	const serving = rejected.filter(({ reason, detail }) => reason !== "operation" || detail !== operation);
	const lacking = serving.filter(({ reason }) => LACKING.has(reason));
	const details = { operation, explanation, cause };
	if (serving.length > 0 && lacking.length === serving.length) {
		return new SpearError("missing_capabilities", `no backend for ${operation} ${shortcomingsOf(lacking)}`, details);
	}
	const transient = rejected.filter(({ reason }) => TRANSIENT.has(reason));
	const message = `no backend can serve ${operation}${transient.length > 0 ? " now" : ""}: ${summaryOf(rejected)}`;
	const retry = { retryable: transient.length > 0, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
	const limited = transient.length > 0 && transient.every(({ reason }) => reason !== "unhealthy");
	return limited
		? new SpearError("rate_limited", message, { ...details, ...retry, reason: "backend_limit" })
		: new SpearError("no_candidate_backend", message, { ...details, ...retry });
}

/** Returns the missing features and transports and the rejected fields, each once. */
function shortcomingsOf(lacking: readonly types.Rejection[]): string {
	const detailsOf = (rejections: readonly types.Rejection[]): string[] => {
		return [...new Set(rejections.map(({ detail, reason }) => detail ?? reason))].slice(0, MAX_NAMED);
	};
	const offers = detailsOf(lacking.filter(({ reason }) => reason !== "degradation"));
	const fields = detailsOf(lacking.filter(({ reason }) => reason === "degradation"));
	return [
		...(offers.length === 0 ? [] : [`offers ${offers.join(", ")}`]),
		...(fields.length === 0 ? [] : [`accepts ${fields.join("; ")}`]),
	].join(" or ");
}

function summaryOf(rejected: readonly types.Rejection[]): string {
	if (rejected.length === 0) return "no backend is configured";
	const reasons = rejected
		.slice(0, MAX_NAMED)
		.map(({ backend, reason, detail }) => `${backend}: ${reason}${detail === undefined ? "" : ` (${detail})`}`);
	if (rejected.length > MAX_NAMED) reasons.push(`and ${rejected.length - MAX_NAMED} more`);
	return reasons.join("; ");
}
