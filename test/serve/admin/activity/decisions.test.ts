import { test } from "uvu";
import * as assert from "uvu/assert";
import { DecisionStore } from "../../../../src/serve/admin/activity/decision-store.ts";
import { ErrorLog } from "../../../../src/serve/admin/activity/error-log.ts";
import { concluded, failed } from "./concluded.ts";

test("decisions that failed stay when thousands of others follow, and all are bounded", () => {
	const store = new DecisionStore();
	const error = failed("backend_error", "down");
	for (let sequence = 1; sequence <= 5_000; sequence++) {
		store.add(concluded({ id: `r${sequence}`, sequence, ...(sequence <= 3 ? { error } : {}) }).decision);
	}
	assert.is(store.size, 1_003);
	assert.equal(
		store.page({ status: "failed" }, 10).decisions.map(({ id }) => id),
		["r3", "r2", "r1"],
	);
	assert.is(store.get("r4"), undefined);
	assert.is(store.get("r4001")?.sequence, 4_001);
	for (let sequence = 5_001; sequence <= 8_000; sequence++) store.add(concluded({ id: `r${sequence}`, sequence, error }).decision);
	assert.is(store.size, store.capacity);
	assert.is(store.get("r3"), undefined);
});

test("of two decisions with one id the newest is found, also when the first one is forgotten", () => {
	const store = new DecisionStore();
	for (const sequence of [1, 2]) store.add(concluded({ id: "same", sequence }).decision);
	for (let sequence = 3; sequence <= 1_001; sequence++) store.add(concluded({ id: `r${sequence}`, sequence }).decision);
	assert.is(store.get("same")?.sequence, 2);
});

test("a decision is found by the backend of an attempt that failed", () => {
	const store = new DecisionStore();
	store.add(concluded({ attempts: ["a", "b"] }).decision);
	assert.is(store.page({ backend: "a" }, 10).decisions.length, 1);
	assert.is(store.page({ backend: "c" }, 10).decisions.length, 0);
});

test("a kept decision refers to nothing of the request", () => {
	const { decision } = concluded();
	assert.equal(JSON.parse(JSON.stringify(decision)), decision);
});

test("the error of a decision has its reason", () => {
	const error = failed("rate_limited", "spent", { reason: "budget_exceeded" });
	assert.equal(concluded({ attempts: [], error }).decision.error, { code: "rate_limited", reason: "budget_exceeded", message: "spent" });
});

test("equal failures are counted together, whatever their numbers; the failure of the last attempt is not counted twice", () => {
	const log = new ErrorLog();
	for (const [ms, endedAtMs] of [
		[120, 1_000],
		[250, 2_000],
	] as const) {
		log.record(concluded({ id: `r${ms}`, endedAtMs, error: failed("timeout", `no output within ${ms} ms`) }).observed);
	}
	log.record(concluded({ error: failed("cancelled", "gone") }).observed);
	assert.equal(
		log.list().map(({ count, message, first_at_ms, last_at_ms, last_decision_id, backend }) => ({
			count,
			message,
			first_at_ms,
			last_at_ms,
			last_decision_id,
			backend,
		})),
		[{ count: 2, message: "no output within 250 ms", first_at_ms: 1_000, last_at_ms: 2_000, last_decision_id: "r250", backend: "a" }],
	);
});

test("a request that was refused before any attempt is a failure without a backend", () => {
	const log = new ErrorLog();
	log.record(concluded({ attempts: [], error: failed("rate_limited", "spent", { reason: "budget_exceeded" }) }).observed);
	assert.equal(
		log.list().map(({ backend, code, reason }) => [backend, code, reason]),
		[[undefined, "rate_limited", "budget_exceeded"]],
	);
});

test("causes are codes and statuses, without the texts of an upstream", () => {
	const log = new ErrorLog();
	const refused = Object.assign(new Error("connect 10.0.0.1:443: a secret prompt"), { code: "ECONNREFUSED" });
	const answer = Object.assign(new Error("the answer repeats a secret prompt"), { statusCode: 503, cause: refused });
	log.record(concluded({ error: failed("backend_error", "down", { cause: answer }) }).observed);
	const loop = new Error("loop");
	loop.cause = loop;
	log.record(concluded({ error: failed("internal", "loop", { cause: loop }) }).observed);
	assert.equal(
		log.list().map(({ causes }) => causes),
		[[], ["status 503", "ECONNREFUSED"]],
	);
});

test("kinds of failures are bounded, and messages are shortened", () => {
	const log = new ErrorLog();
	const letters = (index: number): string => String.fromCodePoint(0x4e00 + index);
	for (let i = 0; i < 300; i++) log.record(concluded({ error: failed("backend_error", letters(i).repeat(2_000)) }).observed);
	assert.is(log.list().length, 200);
	assert.is(log.list()[0]?.message.length, 1_001);
});

test.run();
