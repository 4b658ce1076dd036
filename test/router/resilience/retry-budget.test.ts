import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { RetryBudget } from "../../../src/router/resilience/retry-budget.ts";

/** Empties the budget. Returns the number of attempts that it granted. */
function drain(budget: RetryBudget, now = 0): number {
	let granted = 0;
	while (budget.withdraw(now)) granted += 1;
	return granted;
}

test("a retry budget grants its reserve, then a part of the requests", () => {
	const budget = new RetryBudget({ ratio: 0.25, reserve: 10 }, 0);
	assert.is(drain(budget), 10);
	for (let i = 0; i < 20; i++) budget.deposit();
	assert.is(drain(budget), 5);
});

test("a retry budget saves at most its reserve", () => {
	const budget = new RetryBudget({ ratio: 0.5, reserve: 3 }, 0);
	for (let i = 0; i < 100; i++) budget.deposit();
	assert.is(drain(budget), 3);
});

test("a retry budget grants nothing when its ratio is 0", () => {
	const budget = new RetryBudget({ ratio: 0, reserve: 10 }, 0);
	for (let i = 0; i < 100; i++) budget.deposit();
	assert.is(drain(budget, 1e9), 0);
});

test("an idle retry budget gets one attempt in 10 seconds", () => {
	const budget = new RetryBudget({ ratio: 0.2, reserve: 2 }, 0);
	drain(budget);
	assert.is(drain(budget, 9_000), 0);
	assert.is(drain(budget, 10_000), 1);
	assert.is(drain(budget, 1e9), 2);
});

test("a retry budget grants at most reserve, ratio and refill, for any order of requests", () => {
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

test("a retry budget keeps half of its reserve from a guest that is not alone", () => {
	const budget = new RetryBudget({ ratio: 0.25, reserve: 10 }, 0);
	const [hostile, victim] = ["hostile", "victim"].map((guest) => ({ guest, alone: false }));
	const drainFor = (witness: typeof hostile): number => {
		let granted = 0;
		while (budget.withdraw(0, witness)) granted += 1;
		return granted;
	};
	assert.is(drainFor(hostile), 5);
	for (let i = 0; i < 8; i++) budget.deposit("hostile");
	assert.equal({ hostile: drainFor(hostile), victim: drainFor(victim) }, { hostile: 2, victim: 5 });
});

test.run();
