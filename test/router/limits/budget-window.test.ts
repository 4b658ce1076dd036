import { test } from "uvu";
import * as assert from "uvu/assert";
import { budgetWindow } from "../../../src/router/limits/budget-window.ts";

const EVENING = Date.UTC(2026, 10, 26, 18, 59, 59, 999);

test("a budget window is the UTC hour, day or month of a time", () => {
	const idOf = (per: "hour" | "day" | "month"): string => budgetWindow(per, EVENING).id;
	assert.equal(
		{ hour: idOf("hour"), day: idOf("day"), month: idOf("month") },
		{ hour: "2026-11-26T18", day: "2026-11-26", month: "2026-11" },
	);
});

test("a budget window changes at the end of its hour", () => {
	assert.is(budgetWindow("hour", EVENING + 1).id, "2026-11-26T19");
	assert.is(budgetWindow("day", EVENING + 1).id, "2026-11-26");
});

test("a budget window lasts at most an hour, a day or 31 days", () => {
	const msOf = (per: "hour" | "day" | "month"): number => budgetWindow(per, EVENING).ms;
	assert.equal(
		{ hour: msOf("hour"), day: msOf("day"), month: msOf("month") },
		{ hour: 3_600_000, day: 86_400_000, month: 31 * 86_400_000 },
	);
});

test.run();
