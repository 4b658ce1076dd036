import { DEFAULT_POLICIES, DEFAULT_ROUTER, IDEMPOTENT, type RouterSettings } from "../../src/router/settings.ts";
import { markdownTable } from "./report.ts";

type Leaves<T> = { readonly [K in keyof T]: T[K] extends number | string ? readonly [key: string, meaning: string] : Leaves<T[K]> };

/** Every setting of the router: its key in `[router]`, and its meaning. */
const MEANINGS: Leaves<RouterSettings> = {
	maxAttempts: ["max_attempts", "limit of attempts per request, the first and its hedges included"],
	degradation: [
		"degradation",
		"permitted differences between a request and its treatment: `strict` for none, `lenient` for replacements of rejected fields too",
	],
	backoff: {
		baseMs: ["backoff_ms", "bound of the pause before the first retry; doubled by each further one. The pause is drawn from 0 up to it"],
		maxMs: ["max_backoff_ms", "bound of every pause, unless the upstream asks for a longer one"],
	},
	retryRatio: ["retry_budget_percent", "retries at instances that were tried already, as a part of the requests"],
	queueTimeoutMs: ["queue_timeout_ms", "longest wait for an instance, if all are busy or unavailable"],
	maxPendingRequests: ["max_pending_requests", "limit of requests that wait"],
	slowStartMs: ["slow_start_ms", "time for which a recovered instance gets only a part of its share"],
	breaker: {
		consecutiveFailures: ["breaker.consecutive_failures", "failures in a row that open the breaker"],
		baseOpenMs: ["breaker.base_open_ms", "first open period; doubled by each failed trial"],
		maxOpenMs: ["breaker.max_open_ms", "longest open period"],
	},
	ejection: {
		intervalMs: ["ejection.interval_ms", "time between two comparisons of peers"],
		minRequests: ["ejection.min_requests", "requests below which an instance is not compared"],
		errorRatio: ["ejection.error_percent", "part of failures that ejects an instance, unless most peers have it too"],
		latencyFactor: ["ejection.latency_factor", "multiple of the peers' median latency that ejects an instance"],
		baseEjectionMs: ["ejection.base_ejection_ms", "first ejection; each further one in a row lasts that much longer"],
		maxEjectionRatio: ["ejection.max_ejection_percent", "part of the peers that may be unhealthy before no further one is ejected"],
	},
	decisionLog: {
		ratio: ["decision_log.sample_percent", "part of the successful decisions that are kept"],
		capacity: ["decision_log.capacity", "limit of kept decisions"],
	},
};

/** Returns the settings with their defaults, then the defaults of each operation, as Markdown. */
export function settingsTables(): string {
	const idempotent: ReadonlySet<string> = IDEMPOTENT;
	return [
		markdownTable([["`[router]`", "default", "meaning"], ...rowsOf(MEANINGS, DEFAULT_ROUTER)]),
		markdownTable([
			["operation", "policy", "idempotent"],
			...Object.entries(DEFAULT_POLICIES).map(([name, policy]) => [`\`${name}\``, `\`${policy}\``, idempotent.has(name) ? "yes" : "no"]),
		]),
	]
		.join("\n\n")
		.replaceAll("---:", "---");
}

function rowsOf(meanings: object, defaults: object): string[][] {
	const values: ReadonlyMap<string, unknown> = new Map(Object.entries(defaults));
	return Object.entries(meanings).flatMap(([name, meaning]: [string, unknown]) => {
		const value = values.get(name);
		if (!Array.isArray(meaning))
			return typeof meaning === "object" && meaning !== null && typeof value === "object" && value !== null ? rowsOf(meaning, value) : [];
		const [key = "", text = ""] = meaning.map(String);
		return [[`\`${key}\``, format(key, value), text]];
	});
}

function format(key: string, setting: unknown): string {
	if (typeof setting === "string") return `\`${setting}\``;
	const value = Number(setting);
	if (key.endsWith("_percent")) return `${value * 100}%`;
	return key.endsWith("_ms") ? `${value.toLocaleString("en")} ms` : value.toLocaleString("en");
}
