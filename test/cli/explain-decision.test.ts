import { test } from "uvu";
import * as assert from "uvu/assert";
import { type Explainable, explainDecision } from "../../src/cli/explain-decision.ts";

/** A decision with every member that is printed. */
const DECISION: Explainable = {
	operation: "chat_completions",
	model: "m",
	required_features: ["supports_tools"],
	required_transports: ["server_stream"],
	candidates_checked: 4,
	eligible: ["b", "a"],
	rejected: [
		{ backend: "c", reason: "no_key" },
		{ backend: "d", reason: "limit", detail: "context_tokens: 900 of at most 500" },
	],
	policy: "ewma_latency",
	chosen: "b",
	attempts: [
		{ backend: "a", latency_ms: 5, failure: "rate_limited", detail: "the backend asks to slow down", role: "first", start_ms: 0, key: 2 },
		{ backend: "b", latency_ms: 900, role: "fallback", start_ms: 130, first_output_ms: 200 },
	],
	considered: [
		{ backend: "a", score: 12.3456, in_flight: 1, latency_ms: 6 },
		{ backend: "b", score: 400, in_flight: 3 },
	],
	events: [
		{ at_ms: 5, type: "key_cooldown", backend: "a" },
		{ at_ms: 6, type: "backed_off", detail: "124 ms before the next attempt" },
		{ at_ms: 0, type: "mirrored", backend: "shadow" },
	],
	usage: { input_tokens: 120, output_tokens: 30 },
	cost: 0.000123456,
};

test("a decision is printed with its attempts and events in the order of time", () => {
	assert.is(
		explainDecision(DECISION),
		`route      chat_completions (m) → b  [ewma_latency, 2 of 4 eligible]
           needs server_stream, supports_tools
           rejected c: no_key
           rejected d: limit (context_tokens: 900 of at most 500)
           compared a: score 12.3, 1 in flight, 6 ms
           compared b: score 400, 3 in flight, no latency yet
           mirrored to shadow
           tried a: rate_limited after 5 ms (key 2, the backend asks to slow down)
           a: a key cools down
           backed off 124 ms before the next attempt
           tried b: ok after 900 ms (fallback, first output after 200 ms)
           120 tokens in, 30 out, cost 0.000123`,
	);
});

test("an event of an unknown type is printed by its type", () => {
	for (const type of ["constructor", "__proto__", "of_a_later_version"]) {
		const decision: Explainable = Object({ ...DECISION, events: [{ at_ms: 0, type, backend: "a" }] });
		assert.ok(explainDecision(decision).includes(`\n           a: ${type}\n`), type);
	}
});

test("the time of the first output is printed for a streamed response only", () => {
	const attempts = [{ backend: "b", latency_ms: 19, start_ms: 0, first_output_ms: 2 }];
	const lastLine = (required_transports: Explainable["required_transports"]): string | undefined =>
		explainDecision({ ...DECISION, required_transports, attempts, events: [], usage: {} })
			.split("\n")
			.at(-2);
	assert.is(lastLine(["unary"]), "           tried b: ok after 19 ms");
	assert.is(lastLine(["server_stream"]), "           tried b: ok after 19 ms (first output after 2 ms)");
});

test("an explanation without the members that only the host has is printed, with at most 20 lines of one kind", () => {
	const rejected = Array.from({ length: 25 }, (_, index) => ({ backend: `b${index}`, reason: "model" as const }));
	const { considered: _c, events: _e, usage: _u, cost: _m, model: _n, chosen: _h, ...short } = DECISION;
	const lines = explainDecision({ ...short, rejected, eligible: [], attempts: [] }, { code: "no_candidate_backend" }).split("\n");
	assert.is(lines[0], "route      chat_completions → no backend  [ewma_latency, 0 of 4 eligible]  failed: no_candidate_backend");
	assert.is(lines.length, 2 + 20 + 1);
	assert.is(lines.at(-1), "           and 5 more");
});

test.run();
