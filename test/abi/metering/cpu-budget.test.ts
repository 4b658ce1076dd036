import { test } from "uvu";
import * as assert from "uvu/assert";
import { CpuBudget } from "../../../src/abi/metering/cpu-budget.ts";

test("a guest within its budget need not wait", () => {
	const budget = new CpuBudget(100);
	budget.spend(99, 5_000);
	assert.is(budget.waitMs(5_000), 0);
	assert.is(budget.usedMs(5_000), 99);
});

test("a guest that used its budget waits until enough of it is a minute old", () => {
	const budget = new CpuBudget(100);
	budget.spend(60, 10_500);
	budget.spend(50, 20_500);
	// The seconds 10 and 20 expire at 70 and 80; without second 10, 50 of 100 ms are used.
	assert.is(budget.waitMs(30_000), 40_000);
	assert.ok(budget.waitMs(69_999) > 0);
	assert.is(budget.waitMs(70_000), 0);
	assert.is(budget.usedMs(70_000), 50);
	assert.is(budget.usedMs(80_000), 0);
});

test("the last used second decides if it exceeds the budget alone", () => {
	const budget = new CpuBudget(100);
	budget.spend(1, 10_000);
	budget.spend(500, 20_000);
	assert.is(budget.waitMs(20_000), 60_000);
	assert.is(budget.waitMs(80_000), 0);
});

test("a pause of hours empties the window", () => {
	const budget = new CpuBudget(100);
	budget.spend(500, 1_000);
	assert.is(budget.usedMs(10_000_000), 0);
	budget.spend(7, 10_000_000);
	assert.is(budget.usedMs(10_000_500), 7);
});

test.run();
