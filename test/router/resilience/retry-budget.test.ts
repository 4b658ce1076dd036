import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RetryBudget } from "../../../src/router/resilience/retry-budget.ts";

/** How many extra attempts it grants right now, and leaves it empty. */
function drain(budget: RetryBudget, now = 0): number {
	let granted = 0;
	while (budget.withdraw(now)) granted += 1;
	return granted;
}

test("it begins with its reserve, and then pays by the ratio", () => {
	const budget = new RetryBudget({ ratio: 0.25, reserve: 10 }, 0);
	assert.is(drain(budget), 10);
	for (let i = 0; i < 20; i++) budget.deposit();
	assert.is(drain(budget), 5);
});

test("no more than the reserve is saved up", () => {
	const budget = new RetryBudget({ ratio: 0.5, reserve: 3 }, 0);
	for (let i = 0; i < 100; i++) budget.deposit();
	assert.is(drain(budget), 3);
});

test("a ratio of 0 grants nothing, however long it waits", () => {
	const budget = new RetryBudget({ ratio: 0, reserve: 10 }, 0);
	for (let i = 0; i < 100; i++) budget.deposit();
	assert.is(drain(budget, 1e9), 0);
});

test("an idle budget refills slowly, by one in ten seconds", () => {
	const budget = new RetryBudget({ ratio: 0.2, reserve: 2 }, 0);
	drain(budget);
	assert.is(drain(budget, 9_000), 0);
	assert.is(drain(budget, 10_000), 1);
	assert.is(drain(budget, 1e9), 2);
});

test("for any order of requests and extra attempts, these stay within reserve, ratio and refill", () => {
	fc.assert(
		fc.property(
			fc.double({ min: 0.01, max: 1, noNaN: true }),
			fc.array(fc.constantFrom("request", "extra", "second"), { maxLength: 200 }),
			(ratio, steps) => {
				const budget = new RetryBudget({ ratio, reserve: 10 }, 0);
				let [requests, granted, now] = [0, 0, 0];
				for (const step of steps) {
					if (step === "request") {
						budget.deposit();
						requests += 1;
					} else if (step === "extra") granted += budget.withdraw(now) ? 1 : 0;
					else now += 1_000;
					assert.ok(granted <= 10 + ratio * requests + now / 10_000 + 1e-6);
				}
			},
		),
	);
});

test.run();
