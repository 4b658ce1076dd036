import type * as types from "../../generated/ir/types.ts";
import type { RouteAttempt, RouteEvent, RouteExplanation } from "../router/decision/explanation.ts";

/** Most lines of one kind. Further lines are only counted, so that the output stays readable with many backends. */
const MAX_LINES = 20;

/** An explanation to print. Explanations of guests lack some members that the host's own have. */
export type Explainable = Omit<types.Explanation, "attempts"> &
	Partial<Pick<RouteExplanation, "considered" | "events" | "downgrades" | "usage" | "cost">> & {
		readonly attempts: readonly (types.Attempt & Partial<RouteAttempt>)[];
	};

/** Returns a decision of the router as a few readable lines. */
export function explainDecision(explanation: Explainable, error?: { readonly code: types.ErrorCode }): string {
	const { operation, model, chosen, policy, eligible, candidates_checked, considered = [], events = [] } = explanation;
	const what = model === undefined ? operation : `${operation} (${model})`;
	const outcome = error === undefined ? "" : `  failed: ${error.code}`;
	const needs = [...explanation.required_transports, ...explanation.required_features].join(", ");
	const scored = considered.filter(({ score }) => score !== undefined);
	return [
		`route      ${what} → ${chosen ?? "no backend"}  [${policy}, ${eligible.length} of ${candidates_checked} eligible]${outcome}`,
		...(needs === "" ? [] : [`needs ${needs}`]),
		...firstOf(
			explanation.rejected,
			({ backend, reason, detail }) => `rejected ${backend}: ${reason}${detail === undefined ? "" : ` (${detail})`}`,
		),
		...firstOf(explanation.downgrades ?? [], ({ field, effect, detail }) => `${effect} ${field}: ${detail}`),
		// A single score compares nothing.
		...(scored.length < 2 ? [] : firstOf(scored, considerationLine)),
		...timeline(explanation, events),
		...costLine(explanation),
	].join("\n           ");
}

function considerationLine({ backend, score = 0, in_flight, latency_ms }: RouteExplanation["considered"][number]): string {
	const latency = latency_ms === undefined ? "no latency yet" : `${latency_ms} ms`;
	return `compared ${backend}: score ${Number(score.toPrecision(3))}, ${in_flight} in flight, ${latency}`;
}

/** Returns the attempts and the events between them, in the order of time. */
function timeline({ attempts, required_transports }: Explainable, events: readonly RouteEvent[]): string[] {
	// A whole response arrives at once: the time of its first output says nothing.
	const streamed = !required_transports.includes("unary");
	const lines = [
		...attempts.map((attempt) => ({ at: (attempt.start_ms ?? 0) + attempt.latency_ms, line: attemptLine(attempt, streamed) })),
		...firstOf(events, eventLine).map((line, index) => ({ at: events[index]?.at_ms ?? 0, line })),
	];
	return lines.sort((a, b) => a.at - b.at).map(({ line }) => line);
}

function attemptLine(attempt: types.Attempt & Partial<RouteAttempt>, streamed: boolean): string {
	const { backend, latency_ms, failure, detail, role, key, first_output_ms } = attempt;
	const notes = [
		...(role === undefined || role === "first" ? [] : [role]),
		...(key === undefined ? [] : [`key ${key}`]),
		...(!streamed || first_output_ms === undefined ? [] : [`first output after ${first_output_ms} ms`]),
		...(detail === undefined ? [] : [detail]),
	];
	return `tried ${backend}: ${failure ?? "ok"} after ${latency_ms} ms${notes.length === 0 ? "" : ` (${notes.join(", ")})`}`;
}

/** Words for each kind of event. */
const EVENTS: { readonly [T in RouteEvent["type"]]: string } = {
	queued: "queued until a backend was free",
	backed_off: "backed off",
	limited: "limited",
	key_rejected: "a key was rejected",
	key_cooldown: "a key cools down",
	breaker_opened: "circuit breaker opened",
	recovered: "recovered",
	ejected: "ejected as an outlier",
	hedge_denied: "no hedge",
	mirrored: "mirrored to",
};

function eventLine({ type, backend, detail }: RouteEvent): string {
	// A recorded decision may be of another version of the host, and hold any text.
	const words = Object.hasOwn(EVENTS, type) ? EVENTS[type] : String(type);
	if (type === "mirrored") return `${words} ${backend}`;
	return `${backend === undefined ? "" : `${backend}: `}${words}${detail === undefined ? "" : ` ${type === "limited" || type === "hedge_denied" ? "– " : ""}${detail}`}`;
}

function costLine({ usage, cost }: Explainable): string[] {
	const tokens = [
		...(usage?.input_tokens === undefined ? [] : [`${usage.input_tokens} tokens in`]),
		...(usage?.output_tokens === undefined ? [] : [`${usage.output_tokens} out`]),
		...(cost === undefined ? [] : [`cost ${Number(cost.toPrecision(3))}`]),
	];
	return tokens.length === 0 ? [] : [tokens.join(", ")];
}

/** Returns the lines of the first items, and a line with the number of further items. */
function firstOf<T>(items: readonly T[], line: (item: T) => string): string[] {
	const more = items.length - MAX_LINES;
	return [...items.slice(0, MAX_LINES).map(line), ...(more > 0 ? [`and ${more} more`] : [])];
}
