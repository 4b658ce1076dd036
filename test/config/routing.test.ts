import { test } from "uvu";
import * as assert from "uvu/assert";
import { backendKinds } from "../../generated/registry.ts";
import schema from "../../generated/schema/config.schema.json" with { type: "json" };
import { ConfigError } from "../../src/config/config-error.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { type Settings, settingsOf } from "../../src/config/settings.ts";

/** What a spear.toml says of routing, as the router is told of it. */
function load(text: string): Settings {
	return settingsOf(parseConfig(text, "spear.toml"), { enabled: backendKinds, disabled: [] }, "spear.toml");
}

function faults(text: string): readonly string[] {
	try {
		load(text);
	} catch (thrown) {
		if (thrown instanceof ConfigError) return thrown.faults;
		throw thrown;
	}
	throw new Error("was accepted");
}

/** The value as JSON has it, maps as their entries: what TOML was read into has no prototype. */
function plain(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value, (_, item: unknown) => (item instanceof Map ? [...item] : item)));
}

const TWO = '[backends.a]\nkind = "stub"\n[backends.b]\nkind = "stub"\n';

test("the defaults of the router are those its schema tells", () => {
	const { router } = load("");
	const told = (definition: "RouterConfig" | "BreakerConfig" | "EjectionConfig" | "DecisionLogConfig", member: string): unknown => {
		const property: object = Object.entries(schema.$defs[definition].properties).find(([name]) => name === member)?.[1] ?? {};
		return "default" in property ? property.default : undefined;
	};
	assert.equal(
		[
			router.maxAttempts,
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
				"backoff_ms",
				"max_backoff_ms",
				"retry_budget_percent",
				"queue_timeout_ms",
				"max_pending_requests",
				"slow_start_ms",
			].map((member) => told("RouterConfig", member)),
			...["consecutive_failures", "base_open_ms", "max_open_ms"].map((member) => told("BreakerConfig", member)),
			...["interval_ms", "min_requests", "error_percent", "latency_factor", "base_ejection_ms", "max_ejection_percent"].map((member) =>
				told("EjectionConfig", member),
			),
			...["sample_percent", "capacity"].map((member) => told("DecisionLogConfig", member)),
		],
	);
});

test("a route says how one of several backends is picked, hedged and mirrored", () => {
	const { routes } = load(`${TWO}
[routes.chat_completions]
policy = "weighted_random"
request_policies = ["priority"]
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

test("guests have rates, a budget and routes of their own", () => {
	const { guests } = load(`${TWO}
[guests.alice]
requests_per_minute = 60
tokens_per_minute = 100000
concurrency = 3
budget = { amount = 5, per = "day" }
[guests.alice.routes.chat_completions]
allow = ["a"]
policy = "priority"
[guests."*"]
requests_per_minute = 5
`);
	assert.equal(plain(guests.get("alice")), {
		requestsPerMinute: 60,
		tokensPerMinute: 100_000,
		concurrency: 3,
		budget: { amount: 5, per: "day" },
		routes: [["chat_completions", { allow: ["a"], policy: "priority" }]],
	});
	assert.is(guests.get("*")?.requestsPerMinute, 5);
});

test("a backend has keys, a weight, limits and prices, and so have its models", () => {
	const { backends } = load(`
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

for (const [what, text, expected] of [
	[
		"a hedge of what is not asked twice",
		"[routes.image_generation]\nhedge = { delay_ms = 5 }",
		"routes.image_generation.hedge: image_generation is not asked of two backends at once; leave it out",
	],
	["a hedge without a time", "[routes.embeddings]\nhedge = {}", "routes.embeddings.hedge: give either delay_ms or quantile"],
	[
		"a hedge with two times",
		"[routes.embeddings]\nhedge = { delay_ms = 1, quantile = 0.9 }",
		"routes.embeddings.hedge: give either delay_ms or quantile",
	],
	[
		"a mirror that is no backend",
		'[routes.embeddings]\nmirror = { backend = "c", percent = 1 }',
		"routes.embeddings.mirror.backend: 'c' is not known; did you mean 'a'?; known are: a, b",
	],
	[
		"a mirrored session",
		'[routes.realtime_voice]\nmirror = { backend = "a", percent = 1 }',
		"routes.realtime_voice.mirror: a session cannot be mirrored; leave it out",
	],
	[
		"a guest's list with a name that is no backend's",
		'[guests.x.routes.embeddings]\ndeny = ["stubb"]',
		"guests.x.routes.embeddings.deny: 'stubb' is not known; known are: a, b",
	],
	[
		"a policy there is not",
		'[routes.embeddings]\npolicy = "random"',
		"routes.embeddings.policy: must be one of round_robin, weighted_round_robin, weighted_random, least_inflight, ewma_latency, consistent_hash, priority",
	],
] as const) {
	test(`${what} is a fault`, () => {
		assert.equal(faults(TWO + text), [expected]);
	});
}

test("a pattern holds one star, and an upstream name a star only where the name has one", () => {
	const text = (models: string): string => `[backends.a]\nkind = "stub"\nmodels = [${models}]\n`;
	assert.equal(faults(text('"a*b*"')), ["backends.a.models[0]: 'a*b*' holds more than one '*'; one is allowed"]);
	assert.equal(faults(text('{ name = "a", upstream = "b*" }')), [
		"backends.a.models[0].upstream: '*' stands for what a '*' in the name stands for, and there is none",
	]);
});

test("a key written where its variable's name belongs is not repeated, alone or among several", () => {
	for (const value of ['"sk-123"', '["GOOD", "sk-123"]']) {
		const found = faults(`[backends.a]\nkind = "stub"\napi_key_env = ${value}\n`);
		assert.is(found.length, 1);
		assert.match(found[0] ?? "", /^backends\.a\.api_key_env(\[1\])?: must be the name of an environment variable, not the key itself$/);
	}
	assert.equal(faults('[backends.a]\nkind = "stub"\napi_key_env = 5\n'), [
		"backends.a.api_key_env: must be string",
		"backends.a.api_key_env: must be array",
	]);
});

test.run();
