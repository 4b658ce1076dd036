import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import type { AttemptOutcome, RouteDecision } from "../../src/router/decision/route-decision.ts";
import { UpstreamLog } from "../../src/telemetry/upstream-log.ts";
import { memoryLog } from "../helpers/memory-log.ts";

const down = (): SpearError =>
	new SpearError("backend_error", "the backend refuses connections", {
		attribution: "connection",
		cause: new Error("POST http://127.0.0.1:1/v1", { cause: new Error("connect ECONNREFUSED 127.0.0.1:1") }),
	});
const refused = (): SpearError => new SpearError("backend_error", "status 401", { attribution: "credentials" });
const limited = (): SpearError => new SpearError("rate_limited", "slow down");

/** A decision on a request with these attempts. It failed if the last attempt did. */
function decided(outcomes: readonly AttemptOutcome[], error: SpearError | undefined = outcomes.at(-1)?.error): RouteDecision {
	return {
		type: "decision",
		requestId: "r",
		operation: "embeddings",
		attempts: [],
		outcomes,
		explanation: {
			operation: "embeddings",
			required_features: [],
			required_transports: [],
			candidates_checked: 0,
			eligible: [],
			rejected: [],
			policy: "round_robin",
			attempts: [],
			considered: [],
			events: [],
		},
		...(error === undefined ? {} : { error }),
	};
}

function logOf() {
	const log = memoryLog();
	const time = { now: 0 };
	const upstreams = new UpstreamLog({ logger: log.logger, now: () => time.now });
	return { ...log, time, decide: (...args: Parameters<typeof decided>) => upstreams.recordDecision(decided(...args)), upstreams };
}

test("an upstream that is down makes one line with its causes in words, and one line when it serves again", () => {
	const { time, decide, at } = logOf();
	for (let request = 0; request < 20; request++) decide([{ backend: "a", error: down() }, { backend: "b" }]);
	time.now = 34_000;
	decide([{ backend: "a" }]);
	decide([{ backend: "a" }]);
	assert.equal(at("warn", "error", "info"), [
		{
			level: "warn",
			fields: { request: "r", operation: "embeddings", backend: "a", code: "backend_error" },
			message: "backend a fails: the backend refuses connections: POST http://127.0.0.1:1/v1: connect ECONNREFUSED 127.0.0.1:1",
		},
		{
			level: "warn",
			fields: { request: "r", operation: "embeddings", backend: "a", failures: 20 },
			message: "backend a serves again, after 20 failures in 34 s",
		},
	]);
	assert.is(at("debug").length, 20);
});

test("an upstream that flaps makes one pair of lines a minute, and the next line counts the failures between", () => {
	const { time, decide, at } = logOf();
	for (let second = 0; second <= 60; second++) {
		time.now = second * 1_000;
		decide([{ backend: "a", error: down() }]);
		decide([{ backend: "a" }]);
	}
	assert.equal(
		at("warn").map(({ message }) => message.replace(/: .*ECONNREFUSED [^;]*/, "")),
		[
			"backend a fails",
			"backend a serves again, after 1 failure in 0 s",
			"backend a fails; 59 failures since the last line about it",
			"backend a serves again, after 1 failure in 0 s",
		],
	);
});

test("an operation that fails is reported apart from those that the backend serves", () => {
	const { upstreams, decide, at } = logOf();
	const broken = new SpearError("backend_error", "the backend failed (status 500)");
	for (let request = 0; request < 3; request++) {
		decide([{ backend: "a", error: broken }]);
		upstreams.recordDecision({ ...decided([{ backend: "a" }]), operation: "chat_completions" });
	}
	decide([{ backend: "a" }]);
	assert.equal(
		at("warn").map(({ message }) => message),
		["backend a fails at embeddings: the backend failed (status 500)", "backend a serves embeddings again, after 3 failures in 0 s"],
	);
});

test("a refused key that another covers for is named once, and once when it is accepted again", () => {
	const { decide, at } = logOf();
	const covered = [
		{ backend: "a", key: "FIRST_KEY", error: refused() },
		{ backend: "a", key: "SECOND_KEY" },
	];
	for (let request = 0; request < 5; request++) decide(covered);
	decide([{ backend: "a", key: "FIRST_KEY" }]);
	assert.equal(
		at("warn").map(({ message, fields }) => [message, fields.key]),
		[
			["FIRST_KEY of backend a was refused by the upstream: status 401", "FIRST_KEY"],
			["FIRST_KEY of backend a is accepted again, after 5 failures in 0 s", "FIRST_KEY"],
		],
	);
});

test("a limited key is named once", () => {
	const { decide, at } = logOf();
	for (let request = 0; request < 5; request++) decide([{ backend: "a", key: "A_KEY", error: limited() }]);
	assert.equal(
		at("warn").map(({ message }) => message),
		["A_KEY of backend a is limited or out of quota: slow down"],
	);
});

test("a request without a usable key is reported once with the state of the keys, until a request succeeds", () => {
	const { decide, at, time } = logOf();
	const cause = new Error("backend a has no usable key: A_KEY is not set");
	const shortage = new SpearError("no_candidate_backend", "no backend can serve embeddings", { cause });
	for (let request = 0; request < 5; request++) decide([], shortage);
	decide([{ backend: "a" }]);
	time.now = 120_000;
	decide([], shortage);
	decide([], new SpearError("no_candidate_backend", "no backend can serve embeddings"));
	const line = "no key for embeddings: backend a has no usable key: A_KEY is not set";
	assert.equal(
		at("warn").map(({ message }) => message),
		[line, line],
	);
});

test("an attempt that another overtook, and a fault of the request, say nothing about the upstream", () => {
	const { decide, at } = logOf();
	decide([{ backend: "a", error: new SpearError("cancelled", "another was first") }, { backend: "b" }]);
	decide([{ backend: "a", error: new SpearError("invalid_request", "too long") }]);
	decide([{ backend: "a", error: new SpearError("timeout", "the caller waited too short", { attribution: "caller" }) }]);
	assert.equal(at("warn", "error"), []);
	assert.is(at("debug").length, 2);
});

test("an unexpected error of an adapter keeps its stack, unless the caller receives it", () => {
	const { decide, at } = logOf();
	const cause = new TypeError("x is not a function");
	const error = SpearError.from(cause);
	decide([{ backend: "a", error }, { backend: "b" }]);
	decide([{ backend: "a", error }]);
	assert.equal(
		at("error").map(({ fields }) => fields.err),
		[cause],
	);
});

test("a failed copy of a request and a failed session count as failures of their upstream", () => {
	const { upstreams, decide, at } = logOf();
	upstreams.recordMirror({ requestId: "r", operation: "embeddings", backend: "a", latencyMs: 1, failure: down() });
	upstreams.recordSession({ type: "session-failed", requestId: "r", operation: "realtime_voice", backend: "a", error: down() });
	decide([{ backend: "a", error: down() }]);
	upstreams.recordMirror({ requestId: "r", operation: "embeddings", backend: "a", latencyMs: 1 });
	assert.equal(
		at("warn", "info").map(({ level, message }) => `${level} ${message.split(":")[0]}`),
		["warn backend a fails", "warn backend a serves again, after 3 failures in 0 s", "info a mirrored request succeeded"],
	);
});

test.run();
