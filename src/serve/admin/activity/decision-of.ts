import { guestName } from "../../../errors/guest-name.ts";
import type { SpearError } from "../../../errors/spear-error.ts";
import { shownGuest } from "../../../host/telemetry/shown-guest.ts";
import type { ObservedDecision } from "../../../router/decision/decision-observers.ts";
import type { Decision, DecisionAttempt, DecisionError, DecisionStatus, DecisionSummary } from "../api.ts";

/** Most backends, attempts and events that one decision lists. A host may have thousands of backends. */
const MAX_LISTED = 100;

/** Longest message of an error, in characters. */
const MAX_MESSAGE = 1_000;

/**
 * Returns an observed decision as the admin API shows it. The result refers to nothing of the request, whose payload would stay in memory.
 *
 * @param sequence Number of the decision.
 */
export function decisionOf(
	{ decision, operation, guest, startedAtMs, endedAtMs, explanation, isEvaluated }: ObservedDecision,
	sequence: number,
): Decision {
	const { attempts, error, usage, cost, chosen, traceId } = decision;
	const { model, downgrades = [] } = explanation;
	const firstOutputMs = firstOutputOf(attempts, chosen);
	return {
		id: decision.requestId,
		sequence,
		started_at_ms: startedAtMs,
		ended_at_ms: endedAtMs,
		duration_ms: Math.max(0, endedAtMs - startedAtMs),
		operation,
		...(model === undefined ? {} : { model }),
		guest: guestName(shownGuest(guest)),
		...(chosen === undefined ? {} : { backend: chosen }),
		status: statusOf(error?.code),
		...(error === undefined ? {} : { error: errorOf(error) }),
		attempts: attempts.length,
		hedged: attempts.some(({ role }) => role === "hedge"),
		retried: attempts.some(({ role }) => role === "fallback" || role === "retry"),
		downgraded: downgrades.length > 0,
		...(firstOutputMs === undefined ? {} : { first_output_ms: firstOutputMs }),
		...(usage?.input_tokens === undefined ? {} : { input_tokens: usage.input_tokens }),
		...(usage?.output_tokens === undefined ? {} : { output_tokens: usage.output_tokens }),
		...(cost === undefined ? {} : { cost }),
		...(traceId === undefined ? {} : { trace_id: traceId }),
		policy: explanation.policy,
		required_features: explanation.required_features,
		required_transports: explanation.required_transports,
		is_evaluated: isEvaluated,
		candidates_checked: explanation.candidates_checked,
		eligible: explanation.eligible.slice(0, MAX_LISTED),
		rejected: explanation.rejected.slice(0, MAX_LISTED),
		considered: explanation.considered.slice(0, MAX_LISTED),
		timeline: attempts.slice(0, MAX_LISTED).map(attemptOf),
		events: explanation.events.slice(0, MAX_LISTED),
		downgrades: downgrades.slice(0, MAX_LISTED),
		...(usage === undefined ? {} : { usage: { ...usage } }),
	};
}

/** Returns a decision without its explanation. */
export function summaryOf(decision: Decision): DecisionSummary {
	const {
		policy: _policy,
		required_features: _features,
		required_transports: _transports,
		is_evaluated: _evaluated,
		candidates_checked: _checked,
		eligible: _eligible,
		rejected: _rejected,
		considered: _considered,
		timeline: _timeline,
		events: _events,
		downgrades: _downgrades,
		usage: _usage,
		...summary
	} = decision;
	return summary;
}

/** Returns a text of bounded length. */
export function shortened(text: string): string {
	return text.length <= MAX_MESSAGE ? text : `${text.slice(0, MAX_MESSAGE)}…`;
}

function errorOf({ code, reason, message }: SpearError): DecisionError {
	return { code, ...(reason === undefined ? {} : { reason }), message: shortened(message) };
}

function statusOf(code: string | undefined): DecisionStatus {
	if (code === undefined) return "ok";
	return code === "cancelled" ? "cancelled" : "failed";
}

/** Returns the time of the first output that the caller got, since the arrival of the request. */
function firstOutputOf(attempts: ObservedDecision["decision"]["attempts"], chosen: string | undefined): number | undefined {
	const attempt = attempts.findLast(({ backend, first_output_ms }) => backend === chosen && first_output_ms !== undefined);
	return attempt?.first_output_ms === undefined ? undefined : attempt.start_ms + attempt.first_output_ms;
}

function attemptOf(attempt: ObservedDecision["decision"]["attempts"][number]): DecisionAttempt {
	return attempt.detail === undefined ? { ...attempt } : { ...attempt, detail: shortened(attempt.detail) };
}
