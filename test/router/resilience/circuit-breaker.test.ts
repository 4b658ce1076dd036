import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { CircuitBreaker } from "../../../src/router/resilience/circuit-breaker.ts";

/** A breaker that opens after three failures for 100 ms, at most for 300 ms. The default random number leaves out the jitter. */
function breakerOf(random = () => 0.5): CircuitBreaker {
	return new CircuitBreaker({ consecutiveFailures: 3, baseOpenMs: 100, maxOpenMs: 300 }, random);
}

/** The breaker after three failures at 0 ms. */
function opened(random = () => 0.5): CircuitBreaker {
	const breaker = breakerOf(random);
	for (let i = 0; i < 3; i++) breaker.fail(breaker.begin(0), 0);
	return breaker;
}

/** Fails a trial at the end of the open period. */
function failTrial(breaker: CircuitBreaker): void {
	const now = breaker.openUntil;
	breaker.fail(breaker.begin(0), now);
}

test("a breaker stays closed when a success interrupts the failures", () => {
	const breaker = breakerOf();
	breaker.fail(false, 0);
	breaker.fail(false, 0);
	assert.is(breaker.succeed(false), false);
	breaker.fail(false, 0);
	assert.is(breaker.fail(false, 0), false);
	assert.equal(
		{ failures: breaker.failures, stateAt0: breaker.state(0), permitsAt0: breaker.permits(0), openUntil: breaker.openUntil },
		{ failures: 2, stateAt0: "closed", permitsAt0: true, openUntil: 0 },
	);
});

test("a breaker opens for its period when enough failures follow each other", () => {
	const breaker = breakerOf();
	breaker.fail(false, 0);
	breaker.fail(false, 0);
	assert.is(breaker.fail(false, 7), true);
	assert.equal(
		{ stateAt106: breaker.state(106), permitsAt106: breaker.permits(106), openUntil: breaker.openUntil },
		{ stateAt106: "open", permitsAt106: false, openUntil: 107 },
	);
	assert.equal({ stateAt107: breaker.state(107), permitsAt107: breaker.permits(107) }, { stateAt107: "half_open", permitsAt107: true });
});

test("a half-open breaker permits one trial", () => {
	const breaker = opened();
	assert.is(breaker.begin(100), true);
	assert.is(breaker.permits(100), false);
	breaker.abstain(true);
	assert.is(breaker.permits(100), true);
});

test("a breaker closes when its trial succeeds, and its next open period is the first one again", () => {
	const breaker = opened();
	failTrial(breaker);
	assert.is(breaker.succeed(breaker.begin(0)), true);
	assert.equal({ stateAt300: breaker.state(300), failures: breaker.failures }, { stateAt300: "closed", failures: 0 });
	for (let i = 0; i < 3; i++) breaker.fail(false, 400);
	assert.is(breaker.openUntil, 500);
});

test("a breaker doubles its open period up to the maximum when trials fail", () => {
	const breaker = opened();
	const lengths = [1, 2, 3].map(() => {
		const before = breaker.openUntil;
		failTrial(breaker);
		return breaker.openUntil - before;
	});
	assert.equal(lengths, [200, 300, 300]);
});

test("an open period varies by a tenth", () => {
	assert.is(opened(() => 0).openUntil, 90);
	assert.is(Math.round(opened(() => 1 - 2 ** -32).openUntil), 110);
});

test("a breaker stays open when a request from before its opening succeeds", () => {
	const breaker = opened();
	assert.is(breaker.succeed(false), false);
	assert.equal({ stateAt50: breaker.state(50), stateAt100: breaker.state(100) }, { stateAt50: "open", stateAt100: "half_open" });
	breaker.begin(100);
	assert.is(breaker.succeed(false), false);
	assert.is(breaker.permits(100), false);
});

test("an open period stays the same when requests from before its start fail", () => {
	const breaker = opened();
	for (let i = 0; i < 10; i++) assert.is(breaker.fail(false, 60), false);
	assert.is(breaker.openUntil, 100);
});

test("a breaker keeps its open period when its settings change, and uses them at the next failure", () => {
	const breaker = opened();
	breaker.updateSettings({ consecutiveFailures: 1, baseOpenMs: 1_000, maxOpenMs: 9_000 });
	assert.is(breaker.openUntil, 100);
	breaker.succeed(breaker.begin(0));
	assert.is(breaker.fail(false, 200), true);
	assert.is(breaker.openUntil, 1_200);
});

test("a breaker ends its open period within the first one when that is shortened", () => {
	const breaker = opened();
	failTrial(breaker);
	failTrial(breaker);
	assert.is(breaker.openUntil, 600);
	breaker.shortenOpenPeriod(320);
	assert.is(breaker.openUntil, 320 + 0.5 * 100);
});

test("a breaker keeps its open period when shortening would prolong it", () => {
	const breaker = opened();
	breaker.shortenOpenPeriod(90);
	assert.is(breaker.openUntil, 100);
});

test("a breaker permits a last resort after the first open period, however long the current one is", () => {
	const breaker = opened();
	failTrial(breaker);
	failTrial(breaker);
	const permits = { early: breaker.permitsLastResort(399), due: breaker.permitsLastResort(400), regular: breaker.permits(400) };
	assert.equal({ at: breaker.lastResortAt, ...permits }, { at: 400, early: false, due: true, regular: false });
});

test("a breaker permits no last resort while a trial is in flight", () => {
	const breaker = opened();
	breaker.begin(100);
	assert.is(breaker.permitsLastResort(100), false);
});

test("a trial longer than the open period before it holds off no other one", () => {
	const breaker = opened();
	breaker.begin(100);
	assert.equal(
		[199, 200].map((now) => breaker.permits(now)),
		[false, true],
	);
});

test("a breaker permits no second trial within an open period and none before its time, for any order of events", () => {
	const step = fc.record({ wait: fc.nat({ max: 150 }), end: fc.constantFrom("succeed", "fail", "abstain", "go on") });
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const breaker = new CircuitBreaker({ consecutiveFailures: 3, baseOpenMs: 100, maxOpenMs: 100_000 }, () => 0.5);
			const live: boolean[] = [];
			let now = 0;
			/** Start of the trial in flight. */
			let since: number | undefined;
			for (const { wait, end } of steps) {
				now += wait;
				if (breaker.permits(now)) {
					assert.ok(breaker.state(now) !== "open");
					const trial = breaker.begin(now);
					if (trial) assert.ok(since === undefined || now - since >= 100);
					if (trial) since = now;
					live.push(trial);
				}
				if (end === "go on") continue;
				const trial = live.shift();
				if (trial === undefined) continue;
				if (trial) since = undefined;
				if (end === "succeed") breaker.succeed(trial);
				else if (end === "fail") breaker.fail(trial, now);
				else breaker.abstain(trial);
			}
		}),
	);
});

test.run();
