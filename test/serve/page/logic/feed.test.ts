import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Announcements } from "../../../../src/serve/page/app/logic/announcement.ts";
import { itemOf, mergeFeed } from "../../../../src/serve/page/app/logic/feed.ts";
import { meterOf } from "../../../../src/serve/page/app/logic/limits.ts";
import { shownBackends } from "../../../../src/serve/page/app/logic/shown-backends.ts";
import { backendOf, decisionOf, failedDecision, summaryOf } from "../samples.ts";

const test = suite("latest failures and changes");

test("failed requests are items, others are not", () => {
	const failed = summaryOf(failedDecision({ id: "f" }));
	const item = itemOf({ type: "decision", at_ms: 5, decision: failed });
	assert.is(item?.title, "chat completions of shop failed at south: backend error");
	assert.is(item?.decisionId, "f");
	assert.is(itemOf({ type: "decision", at_ms: 5, decision: summaryOf(decisionOf()) }), undefined);
});

test("changes of backends have a tone", () => {
	const toneOf = (change: "breaker_opened" | "recovered" | "weight_changed") =>
		itemOf({ type: "backend", at_ms: 1, backend: "b", change })?.tone;
	assert.equal([toneOf("breaker_opened"), toneOf("recovered"), toneOf("weight_changed")], ["bad", "good", "notice"]);
});

test("the list is bounded, without repetitions, the newest first", () => {
	const item = (atMs: number) => ({ key: `${atMs}`, atMs, tone: "bad" as const, title: "", detail: "" });
	assert.equal(
		mergeFeed([item(3), item(1)], [item(2), item(3)], 2).map(({ atMs }) => atMs),
		[3, 2],
	);
});

test("a storm of events becomes one announcement after a pause", () => {
	const announcements = new Announcements();
	announcements.add("a: breaker opened");
	assert.is(announcements.take(0), "a: breaker opened");
	for (const name of ["b", "c", "d", "e", "e"]) announcements.add(`${name}: ejected`);
	assert.is(announcements.take(1_000), undefined);
	assert.is(announcements.take(8_000), "b: ejected; c: ejected; d: ejected; and 1 more changes");
	assert.is(announcements.take(20_000), undefined);
});

test("a meter shows the used part, and says when nothing is left", () => {
	assert.equal(meterOf({ kind: "requests_per_minute", limit: 200, left: 150 }), { used: 0.25, text: "150 of 200 left", state: "free" });
	assert.equal(meterOf({ kind: "budget_per_day", limit: 5, left: 0.5 }), { used: 0.9, text: "0.5 of 5 left", state: "near" });
	assert.equal(meterOf({ kind: "budget_per_hour", limit: 0.05, left: -0.01 }), { used: 1, text: "0 of 0.05 left", state: "full" });
	assert.equal(meterOf({ kind: "tokens_per_minute", limit: 1_000_000 }), { text: "limit 1M", state: "unknown" });
	assert.is(meterOf({ kind: "concurrency", limit: 0, left: 0 }).state, "full");
});

test("backends that need a look come first if not all are shown, else those of the configuration", () => {
	const backends = [
		backendOf("a"),
		backendOf("b", { health: "disabled" }),
		backendOf("c", { health: "unavailable" }),
		backendOf("d", { health: "degraded" }),
	];
	const names = (limit: number) => shownBackends(backends, limit).map(({ name }) => name);
	assert.equal(
		[names(4), names(3)],
		[
			["a", "b", "c", "d"],
			["c", "d", "a"],
		],
	);
});

test.run();
