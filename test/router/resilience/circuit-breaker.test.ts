import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CircuitBreaker } from "../../../src/router/resilience/circuit-breaker.ts";

/** A breaker that opens after three failures for 100 ms, at most for 300; chance lies in the middle and changes nothing. */
function breakerOf(random = () => 0.5): CircuitBreaker {
	return new CircuitBreaker({ consecutiveFailures: 3, baseOpenMs: 100, maxOpenMs: 300 }, random);
}

/** The same after three failures at 0. */
function opened(random = () => 0.5): CircuitBreaker {
	const breaker = breakerOf(random);
	for (let i = 0; i < 3; i++) breaker.fail(breaker.begin(), 0);
	return breaker;
}

/** Lets one trial fail at its time. */
function failTrial(breaker: CircuitBreaker): void {
	const now = breaker.openUntil;
	breaker.fail(breaker.begin(), now);
}

test("it stays closed below its threshold, and a success begins the count anew", () => {
	const breaker = breakerOf();
	breaker.fail(false, 0);
	breaker.fail(false, 0);
	assert.is(breaker.succeed(false), false);
	breaker.fail(false, 0);
	assert.is(breaker.fail(false, 0), false);
	assert.equal([breaker.failures, breaker.state(0), breaker.permits(0), breaker.openUntil], [2, "closed", true, 0]);
});

test("so many failures in a row open it for a time", () => {
	const breaker = breakerOf();
	breaker.fail(false, 0);
	breaker.fail(false, 0);
	assert.is(breaker.fail(false, 7), true);
	assert.equal([breaker.state(106), breaker.permits(106), breaker.openUntil], ["open", false, 107]);
	assert.equal([breaker.state(107), breaker.permits(107)], ["half_open", true]);
});

test("half open it lets one trial through at a time", () => {
	const breaker = opened();
	assert.is(breaker.begin(), true);
	assert.is(breaker.permits(100), false);
	breaker.abstain(true);
	assert.is(breaker.permits(100), true);
});

test("a trial that succeeds closes it, and the next time it opens as briefly as the first", () => {
	const breaker = opened();
	failTrial(breaker);
	assert.is(breaker.succeed(breaker.begin()), true);
	assert.equal([breaker.state(300), breaker.failures], ["closed", 0]);
	for (let i = 0; i < 3; i++) breaker.fail(false, 400);
	assert.is(breaker.openUntil, 500);
});

test("each trial that fails opens it twice as long, up to a bound", () => {
	const breaker = opened();
	const lengths = [1, 2, 3].map(() => {
		const before = breaker.openUntil;
		failTrial(breaker);
		return breaker.openUntil - before;
	});
	assert.equal(lengths, [200, 300, 300]);
});

test("the time is spread by a tenth to either side", () => {
	assert.is(opened(() => 0).openUntil, 90);
	assert.is(Math.round(opened(() => 1 - 2 ** -32).openUntil), 110);
});

test("a success that began before it opened does not close it", () => {
	const breaker = opened();
	assert.is(breaker.succeed(false), false);
	assert.equal([breaker.state(50), breaker.state(100)], ["open", "half_open"]);
	breaker.begin();
	assert.is(breaker.succeed(false), false);
	assert.is(breaker.permits(100), false);
});

test("failures that began before it opened do not keep it open longer", () => {
	const breaker = opened();
	for (let i = 0; i < 10; i++) assert.is(breaker.fail(false, 60), false);
	assert.is(breaker.openUntil, 100);
});

test("new settings count from the next failure on; how it stands now stays", () => {
	const breaker = opened();
	breaker.updateSettings({ consecutiveFailures: 1, baseOpenMs: 1_000, maxOpenMs: 9_000 });
	assert.is(breaker.openUntil, 100);
	breaker.succeed(breaker.begin());
	assert.is(breaker.fail(false, 200), true);
	assert.is(breaker.openUntil, 1_200);
});

test("whatever happens in whatever order, there is never a second trial beside one, and none before its time", () => {
	const step = fc.record({ wait: fc.nat({ max: 150 }), end: fc.constantFrom("succeed", "fail", "abstain", "go on") });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const breaker = breakerOf();
			const live: boolean[] = [];
			let now = 0;
			for (const { wait, end } of steps) {
				now += wait;
				if (breaker.permits(now)) {
					assert.ok(breaker.state(now) !== "open");
					live.push(breaker.begin());
				}
				assert.ok(live.filter((trial) => trial).length <= 1);
				if (end === "go on") continue;
				const trial = live.shift();
				if (trial === undefined) continue;
				if (end === "succeed") breaker.succeed(trial);
				else if (end === "fail") breaker.fail(trial, now);
				else breaker.abstain(trial);
			}
		}),
	);
});

test.run();
