import { test } from "uvu";
import * as assert from "uvu/assert";
import { budgetWindow } from "../../../src/router/limits/budget-window.ts";

const EVENING = Date.UTC(2026, 10, 26, 18, 59, 59, 999);

test("a budget is for the hour, the day or the month that the time is in, by UTC", () => {
	assert.equal(
		(["hour", "day", "month"] as const).map((per) => budgetWindow(per, EVENING).id),
		["2026-11-26T18", "2026-11-26", "2026-11"],
	);
});

test("a millisecond later the next hour has begun", () => {
	assert.is(budgetWindow("hour", EVENING + 1).id, "2026-11-26T19");
	assert.is(budgetWindow("day", EVENING + 1).id, "2026-11-26");
});

test("a window is forgotten when it is over for sure", () => {
	assert.equal(
		(["hour", "day", "month"] as const).map((per) => budgetWindow(per, EVENING).ms),
		[3_600_000, 86_400_000, 31 * 86_400_000],
	);
});

test.run();
