/** Backends and decisions in the shape of the admin API. */
import type { Backend, Cluster, ClusterHost, Decision, DecisionSummary } from "../../../src/serve/admin/api.ts";

let sequence = 0;

/** A chat that one backend of two answered at once. */
export function decisionOf(given: Partial<Decision> = {}): Decision {
	sequence += 1;
	const now = Date.now();
	return {
		id: `decision-${sequence}`,
		sequence,
		started_at_ms: now - 320,
		ended_at_ms: now,
		duration_ms: 320,
		operation: "chat_completions",
		model: "large",
		guest: "shop",
		backend: "north",
		status: "ok",
		attempts: 1,
		hedged: false,
		retried: false,
		downgraded: false,
		first_output_ms: 320,
		input_tokens: 40,
		output_tokens: 120,
		cost: 0.0012,
		policy: "ewma_latency",
		required_features: [],
		required_transports: ["unary"],
		is_evaluated: true,
		candidates_checked: 3,
		eligible: ["north", "south"],
		rejected: [{ backend: "vectors", reason: "operation", detail: "chat_completions" }],
		considered: [
			{ backend: "north", score: 410.5, in_flight: 1, latency_ms: 205 },
			{ backend: "south", score: 980, in_flight: 3, latency_ms: 245 },
		],
		timeline: [{ backend: "north", role: "first", start_ms: 0, latency_ms: 320, first_output_ms: 320 }],
		events: [],
		downgrades: [],
		usage: { input_tokens: 40, output_tokens: 120, total_tokens: 160 },
		...given,
	};
}

/** A chat whose first attempt had no output for 700 ms, so that a hedge answered. */
export function hedgedDecision(given: Partial<Decision> = {}): Decision {
	return decisionOf({
		backend: "south",
		attempts: 2,
		hedged: true,
		duration_ms: 951,
		first_output_ms: 951,
		considered: [
			{ backend: "north", score: 410.5, in_flight: 1, latency_ms: 205 },
			{ backend: "south", score: 980, in_flight: 3, latency_ms: 245 },
			{ backend: "south", score: 990, in_flight: 3, latency_ms: 245 },
		],
		timeline: [
			{
				backend: "north",
				role: "first",
				start_ms: 0,
				latency_ms: 951,
				failure: "cancelled",
				detail: "another attempt had its first output earlier",
			},
			{ backend: "south", role: "hedge", start_ms: 700, latency_ms: 251, first_output_ms: 251 },
		],
		...given,
	});
}

/** A chat whose backend emulated one field and dropped another. */
export function downgradedDecision(given: Partial<Decision> = {}): Decision {
	return decisionOf({
		downgraded: true,
		downgrades: [
			{ field: "response_format.json_schema", effect: "emulated", detail: "requested through a tool that the answer must call" },
			{ field: "params.seed", effect: "dropped", detail: "the upstream has no seed" },
		],
		...given,
	});
}

/** A chat that failed at two backends. */
export function failedDecision(given: Partial<Decision> = {}): Decision {
	const {
		backend: _,
		usage: __,
		...rest
	} = decisionOf({
		status: "failed",
		error: { code: "backend_error", message: "the backend failed (status 503)" },
		attempts: 2,
		retried: true,
		duration_ms: 260,
		timeline: [
			{ backend: "north", role: "first", start_ms: 0, latency_ms: 2, failure: "backend_error", detail: "the backend refuses connections" },
			{ backend: "south", role: "fallback", start_ms: 140, latency_ms: 120, failure: "backend_error", detail: "status 503" },
		],
		events: [
			{ at_ms: 2, type: "breaker_opened", backend: "north", detail: "5 s" },
			{ at_ms: 3, type: "backed_off", detail: "137 ms" },
		],
		...given,
	});
	return { ...rest, backend: given.backend ?? "south" };
}

export function backendOf(name: string, given: Partial<Backend> = {}): Backend {
	return {
		name,
		kind: "openai-compatible",
		embedded: false,
		health: "healthy",
		enabled: true,
		draining: false,
		weight: 1,
		configured_weight: 1,
		priority: 0,
		has_key: true,
		missing_keys: [],
		keys: [],
		in_flight: 2,
		limits: [{ kind: "requests_per_minute", limit: 240, left: 30 }],
		operations: [
			{
				operation: "chat_completions",
				models: ["large"],
				features: [],
				transports: ["unary"],
				available: true,
				in_flight: 2,
				breaker: "closed",
				consecutive_failures: 0,
				slow_start_factor: 1,
				attempts: 100,
				failures: 1,
				error_rate: 0.01,
				recent_attempts: 100,
				first_output: { count: 100, p50_ms: 240, p90_ms: 400, p99_ms: 910 },
				limits: [],
			},
		],
		...given,
	};
}

export function hostOf(name: string, given: Partial<ClusterHost> = {}): ClusterHost {
	const now = Date.now();
	return {
		name,
		is_this: false,
		version: "0.1.0",
		started_at_ms: now - 3_600_000,
		seen_at_ms: now - 500,
		state: "serving",
		ready: true,
		config: { digest: "0a".repeat(32), version: 1, since_at_ms: now - 3_600_000 },
		differs: false,
		requests: { in_flight: 4, pending: 0, per_s: 12.5, errors_per_s: 0 },
		runs: { running: 2, waiting: 0 },
		backends: [],
		leases: [{ name: "shop requests", amount: 25 }],
		hints: [],
		queue: [{ name: "reports", amount: 2 }],
		is_cut: false,
		...given,
	};
}

/** Two hosts, of which one has another configuration and an open breaker. */
export function clusterOf(given: Partial<Cluster> = {}): Cluster {
	const now = Date.now();
	const [common, other] = ["0a".repeat(32), "1b".repeat(32)];
	return {
		host: "north",
		store: { reachable: true, since_at_ms: now - 60_000, contact_at_ms: now },
		hosts: [
			hostOf("north", { is_this: true }),
			hostOf("south", {
				config: { digest: other, version: 2, since_at_ms: now },
				differs: true,
				backends: [{ name: "east", breaker: "open" }],
				hints: [{ name: "received", amount: 3 }],
				runs: { running: 1, waiting: 7 },
			}),
		],
		configs: [
			{ digest: common, hosts: ["north"] },
			{ digest: other, hosts: ["south"] },
		],
		refused: [],
		...given,
	};
}

/** The part of a decision that lists and events have. */
export function summaryOf(decision: Decision): DecisionSummary {
	const { policy, required_features, required_transports, candidates_checked, eligible, rejected, considered, is_evaluated, ...rest } =
		decision;
	const { timeline, events, downgrades, usage, ...summary } = rest;
	return summary;
}
