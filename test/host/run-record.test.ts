import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { RunRecord } from "../../src/host/run-record.ts";
import type { RouteDecision } from "../../src/router/decision/route-decision.ts";

/** Returns a decision whose explanation must not be made. */
function decision(requestId: string, more: Partial<RouteDecision> = {}): RouteDecision {
	return {
		type: "decision",
		requestId,
		operation: "chat_completions",
		attempts: [],
		outcomes: [],
		get explanation(): never {
			throw new Error("the explanation was made");
		},
		...more,
	};
}

test("a record keeps the last decisions without their explanations, and sums all of them", () => {
	const record = new RunRecord();
	for (let count = 0; count < 300; count += 1) record.add(decision(`r${count}`, { usage: { total_tokens: 1 }, cost: 0.5 }));
	assert.is(record.decisions.length, 256);
	assert.equal(record.decisions.at(-1), {
		requestId: "r299",
		operation: "chat_completions",
		attempts: [],
		outcomes: [],
		usage: { total_tokens: 1 },
		cost: 0.5,
	});
	assert.is(record.decisions[0]?.requestId, "r44");
	assert.equal(record.usage, { total_tokens: 300 });
	assert.is(record.cost, 150);
});

test("a failure without usage costs nothing, and one answer of unknown cost makes the sum unknown", () => {
	const record = new RunRecord();
	record.add(decision("a", { error: new SpearError("timeout", "late") }));
	record.add(decision("b", { cost: 2 }));
	assert.is(record.cost, 2);
	record.add(decision("c"));
	record.add(decision("d", { cost: 1 }));
	assert.is(record.cost, undefined);
});

test("an error gets the cause of the last decision with its code and message, and stays itself without one", () => {
	const record = new RunRecord();
	const cause = new Error("status 500");
	record.add(decision("a", { error: new SpearError("backend_error", "the backend failed", { attribution: "connection", cause }) }));
	const passed = record.withCause(new SpearError("backend_error", "the backend failed", { retryAfterMs: 5 }));
	assert.equal([passed.cause, passed.attribution, passed.retryAfterMs], [cause, "connection", 5]);
	const other = new SpearError("backend_error", "something else");
	assert.is(record.withCause(other), other);
});

test("an error that a guest passed on gets the reason that the guest could not see", () => {
	const record = new RunRecord();
	record.add(decision("a", { error: new SpearError("rate_limited", "spent", { reason: "budget_exceeded" }) }));
	assert.is(record.withCause(new SpearError("rate_limited", "spent")).reason, "budget_exceeded");
});

test.run();
