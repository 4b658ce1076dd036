import type * as types from "../../generated/ir/types.ts";
import type { RouteAttempt, RouteEvent, RouteExplanation } from "../router/decision/explanation.ts";

/** How many instances of a kind are named; the others are counted. */
const NAMED = 20;

/** What there is to explain: guests and older files have less of it than the host itself. */
export type Explainable = Omit<types.Explanation, "attempts"> &
	Partial<Pick<RouteExplanation, "considered" | "events" | "usage" | "cost">> & {
		readonly attempts: readonly (types.Attempt & Partial<RouteAttempt>)[];
	};

/** One decision of the router in a few lines a person reads at a glance. */
export function explainDecision(explanation: Explainable, error?: { readonly code: types.ErrorCode }): string {
	const { operation, model, chosen, policy, eligible, candidates_checked, considered = [], events = [] } = explanation;
	const what = model === undefined ? operation : `${operation} (${model})`;
	const outcome = error === undefined ? "" : `  failed: ${error.code}`;
	const needs = [...explanation.required_transports, ...explanation.required_features].join(", ");
	const scored = considered.filter(({ score }) => score !== undefined);
	return [
		`route      ${what} → ${chosen ?? "no backend"}  [${policy}, ${eligible.length} of ${candidates_checked} eligible]${outcome}`,
		...(needs === "" ? [] : [`needs ${needs}`]),
		...some(
			explanation.rejected,
			({ backend, reason, detail }) => `not ${backend}: ${reason}${detail === undefined ? "" : ` (${detail})`}`,
		),
		// One alone was no choice.
		...(scored.length < 2 ? [] : some(scored, considerationLine)),
		...inTime(explanation.attempts, events),
		...costLine(explanation),
	].join("\n           ");
}

function considerationLine({ backend, score = 0, in_flight, latency_ms }: RouteExplanation["considered"][number]): string {
	const latency = latency_ms === undefined ? "never measured" : `${latency_ms} ms`;
	return `saw ${backend}: score ${Number(score.toPrecision(3))}, ${in_flight} in flight, ${latency}`;
}

/** Attempts and what the router did between them, as they came. */
function inTime(attempts: readonly (types.Attempt & Partial<RouteAttempt>)[], events: readonly RouteEvent[]): string[] {
	const lines = [
		...attempts.map((attempt) => ({ at: (attempt.start_ms ?? 0) + attempt.latency_ms, line: attemptLine(attempt) })),
		...some(events, eventLine).map((line, index) => ({ at: events[index]?.at_ms ?? 0, line })),
	];
	return lines.sort((a, b) => a.at - b.at).map(({ line }) => line);
}

function attemptLine({ backend, latency_ms, failure, detail, role, key, first_output_ms }: types.Attempt & Partial<RouteAttempt>): string {
	const notes = [
		...(role === undefined || role === "first" ? [] : [role]),
		...(key === undefined ? [] : [`key ${key}`]),
		// A whole answer is its own first output.
		...(first_output_ms === undefined || latency_ms - first_output_ms <= 1 ? [] : [`first output after ${first_output_ms} ms`]),
		...(detail === undefined ? [] : [detail]),
	];
	return `tried ${backend}: ${failure ?? "ok"} after ${latency_ms} ms${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`;
}

const EVENTS: { readonly [T in RouteEvent["type"]]: string } = {
	queued: "waited for a free backend",
	backed_off: "paused",
	limited: "held back",
	key_rejected: "a key was rejected",
	key_cooldown: "a key cools down",
	breaker_opened: "its breaker opened",
	recovered: "recovered",
	ejected: "taken out, it does worse than the others",
	hedge_denied: "no hedge",
	mirrored: "a copy goes to",
};

function eventLine({ type, backend, detail }: RouteEvent): string {
	if (type === "mirrored") return `${EVENTS[type]} ${backend}`;
	return `${backend === undefined ? "" : `${backend}: `}${EVENTS[type]}${detail === undefined ? "" : ` ${type === "limited" || type === "hedge_denied" ? "– " : ""}${detail}`}`;
}

function costLine({ usage, cost }: Explainable): string[] {
	const tokens = [
		...(usage?.input_tokens === undefined ? [] : [`${usage.input_tokens} tokens in`]),
		...(usage?.output_tokens === undefined ? [] : [`${usage.output_tokens} out`]),
		...(cost === undefined ? [] : [`cost ${Number(cost.toPrecision(3))}`]),
	];
	return tokens.length === 0 ? [] : [tokens.join(", ")];
}

function some<T>(items: readonly T[], line: (item: T) => string): string[] {
	const more = items.length - NAMED;
	return [...items.slice(0, NAMED).map(line), ...(more > 0 ? [`and ${more} more`] : [])];
}
