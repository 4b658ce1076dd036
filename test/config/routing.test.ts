import { test } from "uvu";
import * as assert from "uvu/assert";
import schema from "../../generated/schema/config.schema.json" with { type: "json" };
import { faultsOf, settingsFrom } from "../helpers/config.ts";

/** Returns a value as JSON contains it, with maps as their entries. Otherwise objects of the TOML parser, which have no prototype, equal none. */
function plain(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value, (_, item: unknown) => (item instanceof Map ? [...item] : item)));
}

const TWO = '[backends.a]\nkind = "stub"\n[backends.b]\nkind = "stub"\n';

test("the defaults of the router are those of the schema", () => {
	const { router } = settingsFrom("");
	const defaultOf = (definition: "RouterConfig" | "BreakerConfig" | "EjectionConfig" | "DecisionLogConfig", member: string): unknown => {
		const property: object = Object.entries(schema.$defs[definition].properties).find(([name]) => name === member)?.[1] ?? {};
		return "default" in property ? property.default : undefined;
	};
	assert.equal(
		[
			router.maxAttempts,
			router.degradation,
			router.backoff.baseMs,
			router.backoff.maxMs,
			router.retryRatio * 100,
			router.queueTimeoutMs,
			router.maxPendingRequests,
			router.slowStartMs,
			router.breaker.consecutiveFailures,
			router.breaker.baseOpenMs,
			router.breaker.maxOpenMs,
			router.ejection.intervalMs,
			router.ejection.minRequests,
			router.ejection.errorRatio * 100,
			router.ejection.latencyFactor,
			router.ejection.baseEjectionMs,
			router.ejection.maxEjectionRatio * 100,
			router.decisionLog.ratio * 100,
			router.decisionLog.capacity,
		],
		[
			...[
				"max_attempts",
				"degradation",
				"backoff_ms",
				"max_backoff_ms",
				"retry_budget_percent",
				"queue_timeout_ms",
				"max_pending_requests",
				"slow_start_ms",
			].map((member) => defaultOf("RouterConfig", member)),
			...["consecutive_failures", "base_open_ms", "max_open_ms"].map((member) => defaultOf("BreakerConfig", member)),
			...["interval_ms", "min_requests", "error_percent", "latency_factor", "base_ejection_ms", "max_ejection_percent"].map((member) =>
				defaultOf("EjectionConfig", member),
			),
			...["sample_percent", "capacity"].map((member) => defaultOf("DecisionLogConfig", member)),
		],
	);
});

test("every setting of a route is read", () => {
	const { routes } = settingsFrom(`${TWO}
[routes.chat_completions]
policy = "weighted_random"
request_policies = ["priority"]
degradation = "strict"
first_event_timeout_ms = 5000
idle_timeout_ms = 3000
max_attempts = 2
affinity = false
concurrency = 9
hedge = { quantile = 0.95, budget_percent = 10 }
mirror = { backend = "b", percent = 5, budget_per_day = 1.5 }
[routes.image_generation]
idempotent = true
`);
	assert.equal(routes.get("chat_completions"), {
		policy: "weighted_random",
		requestPolicies: ["priority"],
		degradation: "strict",
		firstEventTimeoutMs: 5_000,
		idleTimeoutMs: 3_000,
		maxAttempts: 2,
		affinity: false,
		concurrency: 9,
		hedge: { attempts: 2, after: { quantile: 0.95 }, ratio: 0.1 },
		mirror: { backend: "b", ratio: 0.05, concurrency: 4, requestsPerMinute: 60, budgetPerDay: 1.5 },
	});
	assert.equal(routes.get("image_generation"), { idempotent: true });
});

test("every setting of a guest is read", () => {
	const { guests } = settingsFrom(`${TWO}
[guests.alice]
requests_per_minute = 60
tokens_per_minute = 100000
concurrency = 3
budget = { amount = 5, per = "day" }
[guests.alice.routes.chat_completions]
allow = ["a"]
policy = "priority"
degradation = "lenient"
[guests."*"]
requests_per_minute = 5
`);
	assert.equal(plain(guests.get("alice")), {
		requestsPerMinute: 60,
		tokensPerMinute: 100_000,
		concurrency: 3,
		budget: { amount: 5, per: "day" },
		routes: [["chat_completions", { allow: ["a"], policy: "priority", degradation: "lenient" }]],
	});
	assert.is(guests.get("*")?.requestsPerMinute, 5);
});

test("the place of a guest is that of its own entry, and `*` stands for guests without one", () => {
	const { isolation, workerPool } = settingsFrom(`${TWO}
[host]
worker_pool = 3
[guests.alice]
concurrency = 1
[guests."*"]
isolation = "worker"
`);
	assert.equal(
		[...isolation],
		[
			["alice", "shared"],
			["*", "worker"],
		],
	);
	assert.is(workerPool, 3);
	assert.is(settingsFrom(TWO).workerPool, 1);
});

test("keys, limits and models of a backend are read", () => {
	const { backends } = settingsFrom(`
[backends.a]
kind = "openai-compatible"
base_url = "https://api.example.com/v1"
api_key_env = ["KEY_1", "KEY_2"]
key_policy = "least_errors"
weight = 3
limits = { context_tokens = 1000, requests_per_minute = 10 }
operation_limits.embeddings = { batch = 16 }
price = { input = 1, output = 2 }
models = ["small", { name = "gpt-*", upstream = "vendor/*", limits = { output_tokens = 50 } }, { name = "large", aliases = ["big"] }]
`);
	const [a] = backends;
	assert.equal(a?.keyNames, ["KEY_1", "KEY_2"]);
	assert.equal(plain(a?.operationLimits), [["embeddings", { batch: 16 }]]);
	assert.equal(plain(a?.models.map(({ name, aliases = [], limits = {} }) => [name, aliases, limits])), [
		["small", [], {}],
		["gpt-*", [], { output_tokens: 50 }],
		["large", ["big"], {}],
	]);
});

for (const [problem, text, expected] of [
	[
		"a hedge of image_generation",
		"[routes.image_generation]\nhedge = { delay_ms = 5 }",
		"routes.image_generation.hedge: requests of image_generation are never hedged; omit it",
	],
	["a hedge without delay_ms and quantile", "[routes.embeddings]\nhedge = {}", "routes.embeddings.hedge: set either delay_ms or quantile"],
	[
		"a hedge with both delay_ms and quantile",
		"[routes.embeddings]\nhedge = { delay_ms = 1, quantile = 0.9 }",
		"routes.embeddings.hedge: set either delay_ms or quantile",
	],
	[
		"a mirror to an unknown backend",
		'[routes.embeddings]\nmirror = { backend = "c", percent = 1 }',
		"routes.embeddings.mirror.backend: 'c' is not known; did you mean 'a'?; known are: a, b",
	],
	[
		"a mirror of realtime_voice",
		'[routes.realtime_voice]\nmirror = { backend = "a", percent = 1 }',
		"routes.realtime_voice.mirror: a session cannot be mirrored; omit it",
	],
	[
		"a deny list of a guest with an unknown backend",
		'[guests.x.routes.embeddings]\ndeny = ["stubb"]',
		"guests.x.routes.embeddings.deny[0]: 'stubb' is not known; known are: a, b",
	],
	[
		"an unknown policy",
		'[routes.embeddings]\npolicy = "random"',
		"routes.embeddings.policy: must be one of round_robin, weighted_round_robin, weighted_random, least_inflight, ewma_latency, consistent_hash, priority; did you mean 'weighted_random'?",
	],
] as const) {
	test(`${problem} is a fault`, () => {
		assert.equal(faultsOf(TWO + text), [expected]);
	});
}

test("a model is a fault when its name has two stars, or its upstream has a star and its name has none", () => {
	const text = (models: string): string => `[backends.a]\nkind = "stub"\nmodels = [${models}]\n`;
	assert.equal(faultsOf(text('"a*b*"')), ["backends.a.models[0]: 'a*b*' contains more than one '*'; one is allowed"]);
	assert.equal(faultsOf(text('{ name = "a", upstream = "b*" }')), [
		"backends.a.models[0].upstream: '*' stands for the match of the '*' in the name, but the name has none",
	]);
});

test("a key in place of the name of its variable is reported without the key", () => {
	for (const value of ['"sk-123"', '["GOOD", "sk-123"]']) {
		const found = faultsOf(`[backends.a]\nkind = "stub"\napi_key_env = ${value}\n`);
		assert.is(found.length, 1);
		assert.match(found[0] ?? "", /^backends\.a\.api_key_env(\[1\])?: must be the name of an environment variable, not the key itself$/);
	}
	assert.equal(faultsOf('[backends.a]\nkind = "stub"\napi_key_env = 5\n'), [
		'backends.a.api_key_env: must be a text in quotes or a list, e.g. ["a", "b"]',
	]);
});

test.run();
