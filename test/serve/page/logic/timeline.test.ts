import { suite } from "uvu";
import * as assert from "uvu/assert";
import { candidatesOf } from "../../../../src/serve/page/app/logic/candidates.ts";
import { layOut } from "../../../../src/serve/page/app/logic/timeline.ts";
import { decisionOf, failedDecision, hedgedDecision } from "../samples.ts";

const test = suite("time line of a decision");

test("a hedge overlaps the attempt that it helps", () => {
	const { lengthMs, entries, ticks } = layOut(hedgedDecision());
	assert.is(lengthMs, 951);
	const bars = entries.flatMap(({ row }) =>
		row === undefined ? [] : [[row.attempt.role, Math.round(row.start), Math.round(row.width), row.outcome]],
	);
	assert.equal(bars, [
		["first", 0, 100, "lost"],
		["hedge", 74, 26, "won"],
	]);
	assert.equal(
		ticks.map(({ ms }) => ms),
		[0, 200, 400, 600, 800],
	);
});

test("events stand between the attempts, in the order of time", () => {
	const kinds = layOut(failedDecision()).entries.map(({ row, event }) => row?.attempt.role ?? event?.event.type);
	assert.equal(kinds, ["first", "breaker_opened", "backed_off", "fallback"]);
	const [opened, pause] = layOut(failedDecision()).entries.flatMap(({ event }) => event ?? []);
	assert.equal([opened?.until, Math.round(pause?.until ?? 0)], [undefined, Math.round((140 / 260) * 100)]);
});

test("a decision without attempts and time has a scale all the same", () => {
	const { lengthMs, entries } = layOut({ timeline: [], events: [], duration_ms: 0 });
	assert.equal([lengthMs, entries], [1, []]);
});

test("bars stay on the scale, and are wide enough to be seen", () => {
	const timeline = [{ backend: "a", role: "first" as const, start_ms: 60_000, latency_ms: 0, failure: "timeout" as const }];
	const [entry] = layOut({ timeline, events: [], duration_ms: 60_000 }).entries;
	assert.ok((entry?.row?.start ?? 0) + (entry?.row?.width ?? 0) <= 100.001);
	assert.ok((entry?.row?.width ?? 0) > 0.5);
});

test("the chosen backend is first, the rejected ones are last with their reasons", () => {
	const parts = candidatesOf(hedgedDecision()).map(({ backend, part, rejection }) => [backend, part, rejection?.reason]);
	assert.equal(parts, [
		["south", "chosen", undefined],
		["north", "tried", undefined],
		["vectors", "rejected", "operation"],
	]);
	assert.equal(
		candidatesOf(decisionOf()).map(({ part, considered }) => [part, considered?.score]),
		[
			["chosen", 410.5],
			["eligible", 980],
			["rejected", undefined],
		],
	);
});

test.run();
