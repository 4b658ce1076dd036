import { test } from "uvu";
import * as assert from "uvu/assert";
import { TurnBudget } from "../../src/async/turn-budget.ts";

test("a budget is exhausted within a turn of the event loop, and whole in the next", async () => {
	const budget = new TurnBudget(3);
	for (let turn = 0; turn < 3; turn++) {
		budget.use();
		assert.is(budget.exhausted, false);
		budget.use(2);
		assert.is(budget.exhausted, true);
		await budget.nextTurn;
		assert.is(budget.exhausted, false);
	}
});

test("a part of the budget does not outlive its turn", async () => {
	const budget = new TurnBudget(2);
	for (let turn = 0; turn < 3; turn++) {
		budget.use();
		await new Promise(setImmediate);
		assert.is(budget.exhausted, false);
	}
});

test.run();
