import type { Decision, DecisionSummary } from "../../serve/admin/api.ts";
import type { Explainable } from "../explain-decision.ts";

/** Returns a decision as one line. */
export function decisionLine(decision: DecisionSummary): string {
	const { ended_at_ms, status, operation, model, backend, duration_ms, guest, attempts, error, id } = decision;
	const notes = [
		...(attempts > 1 ? [`${attempts} attempts`] : []),
		...(decision.hedged ? ["hedged"] : []),
		...(decision.retried ? ["fell back"] : []),
		...(decision.downgraded ? ["downgraded"] : []),
	];
	return [
		new Date(ended_at_ms).toISOString().slice(11, 23),
		status.padEnd(9),
		`${operation}${model === undefined ? "" : ` (${model})`} → ${backend ?? "no backend"}`,
		`${duration_ms} ms`,
		...tokens(decision),
		`guest ${guest}`,
		...(notes.length === 0 ? [] : [notes.join(", ")]),
		...(error === undefined ? [] : [`${error.code}: ${oneLine(error.message)}`]),
		id,
	].join("  ");
}

/** Returns a decision in the form in which other commands print explanations. */
export function explainable(decision: Decision): Explainable {
	const { operation, model, backend, policy, timeline, usage, cost } = decision;
	return {
		operation,
		...(model === undefined ? {} : { model }),
		required_features: decision.required_features,
		required_transports: decision.required_transports,
		candidates_checked: decision.candidates_checked,
		eligible: decision.eligible,
		rejected: decision.rejected,
		policy,
		...(backend === undefined ? {} : { chosen: backend }),
		attempts: timeline,
		considered: decision.considered,
		events: decision.events,
		downgrades: decision.downgrades,
		...(usage === undefined ? {} : { usage }),
		...(cost === undefined ? {} : { cost }),
	};
}

function tokens({ input_tokens, output_tokens, cost }: DecisionSummary): string[] {
	const parts = [
		...(input_tokens === undefined ? [] : [`${input_tokens} in`]),
		...(output_tokens === undefined ? [] : [`${output_tokens} out`]),
		...(cost === undefined ? [] : [`cost ${Number(cost.toPrecision(3))}`]),
	];
	return parts.length === 0 ? [] : [parts.join(" ")];
}

function oneLine(text: string): string {
	return text.replaceAll("\n", " ");
}
