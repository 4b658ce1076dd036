import { DEFAULT_POLICIES, DEFAULT_ROUTER, IDEMPOTENT, type RouterSettings } from "../../src/router/settings.ts";
import { markdownTable } from "./report.ts";

type Leaves<T> = { readonly [K in keyof T]: T[K] extends number ? readonly [key: string, meaning: string] : Leaves<T[K]> };

/** Every setting of the router: its name in `[router]`, and what it does. */
const MEANINGS: Leaves<RouterSettings> = {
	maxAttempts: ["max_attempts", "attempts one request may make, the first and its hedges included"],
	backoff: {
		baseMs: ["backoff_ms", "longest pause before the first repetition at a backend already tried; doubled each time, drawn from 0 up"],
		maxMs: ["max_backoff_ms", "longest pause before any, unless the upstream asks for a longer one"],
	},
	retryRatio: ["retry_budget_percent", "such repetitions, in relation to requests"],
	queueTimeoutMs: ["queue_timeout_ms", "how long a request waits for a place when all are busy or out"],
	maxPendingRequests: ["max_pending_requests", "requests that may wait at a time"],
	slowStartMs: ["slow_start_ms", "how long an instance that comes back is spared its full share"],
	breaker: {
		consecutiveFailures: ["breaker.consecutive_failures", "failures in a row that open it"],
		baseOpenMs: ["breaker.base_open_ms", "how long it stays open the first time; doubled by each trial that fails"],
		maxOpenMs: ["breaker.max_open_ms", "the longest it stays open"],
	},
	ejection: {
		intervalMs: ["ejection.interval_ms", "how often instances are compared"],
		minRequests: ["ejection.min_requests", "requests in that time below which one is not judged"],
		errorRatio: ["ejection.error_percent", "part of failures that takes one out where most others have fewer"],
		latencyFactor: ["ejection.latency_factor", "times the others' median latency that takes one out"],
		baseEjectionMs: ["ejection.base_ejection_ms", "how long it is out the first time"],
		maxEjectionRatio: ["ejection.max_ejection_percent", "most of the instances that may be out"],
	},
	decisionLog: {
		ratio: ["decision_log.sample_percent", "part of the decisions that are kept"],
		capacity: ["decision_log.capacity", "how many of the last ones"],
	},
};

/** The settings with their defaults, then the defaults of each operation, as Markdown. */
export function settingsTables(): string {
	const repeated: ReadonlySet<string> = IDEMPOTENT;
	return [
		markdownTable([["`[router]`", "default", "what"], ...rowsOf(MEANINGS, DEFAULT_ROUTER)]).replaceAll("---:", "---"),
		markdownTable([
			["operation", "policy", "sent again when its fate is unknown"],
			...Object.entries(DEFAULT_POLICIES).map(([name, policy]) => [`\`${name}\``, `\`${policy}\``, repeated.has(name) ? "yes" : "no"]),
		]).replaceAll("---:", "---"),
	].join("\n\n");
}

function rowsOf(meanings: object, defaults: object): string[][] {
	const values: ReadonlyMap<string, unknown> = new Map(Object.entries(defaults));
	return Object.entries(meanings).flatMap(([name, meaning]: [string, unknown]) => {
		const value = values.get(name);
		if (!Array.isArray(meaning))
			return typeof meaning === "object" && meaning !== null && typeof value === "object" && value !== null ? rowsOf(meaning, value) : [];
		const [key, what] = meaning.map(String);
		return [[`\`${key}\``, shown(key ?? "", Number(value)), what ?? ""]];
	});
}

function shown(key: string, value: number): string {
	if (key.endsWith("_percent")) return `${value * 100}%`;
	return key.endsWith("_ms") ? `${value.toLocaleString("en")} ms` : value.toLocaleString("en");
}
