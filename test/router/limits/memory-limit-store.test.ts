import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Charge, Refusal, Reservation } from "../../../src/router/limits/limit-store.ts";
import { MemoryLimitStore } from "../../../src/router/limits/memory-limit-store.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

/** A store at time 0. Its buckets hold 100 and fill by 1 in 10 ms, unless a charge says otherwise. */
function storeOf() {
	const clock = new FakeClock();
	const store = new MemoryLimitStore(clock);
	const reserve = (amount: number, more: Partial<Charge> = {}) => store.reserve([chargeOf(amount, more)]);
	return { clock, store, reserve };
}

function chargeOf(amount: number, more: Partial<Charge> = {}): Charge {
	return { bucket: "b", amount, capacity: 100, perMs: 0.1, ...more };
}

function granted(answer: Reservation | Refusal): Reservation {
	if (!answer.granted) throw new Error(`refused by ${answer.bucket}`);
	return answer;
}

test("what is reserved is drawn, and comes in again with time up to the capacity", () => {
	const { clock, store, reserve } = storeOf();
	granted(reserve(70));
	assert.is(store.level("b"), 30);
	clock.pass(200);
	assert.is(store.level("b"), 50);
	clock.pass(10_000);
	assert.is(store.level("b"), 100);
	assert.is(store.level("other"), undefined);
});

test("what is not there is refused, with the time until it is", () => {
	const { clock, reserve } = storeOf();
	granted(reserve(70));
	assert.equal(reserve(50), { granted: false, bucket: "b", retryAfterMs: 200 });
	clock.pass(199);
	assert.equal(reserve(50), { granted: false, bucket: "b", retryAfterMs: 1 });
	clock.pass(1);
	assert.is(reserve(50).granted, true);
});

test("a budget that does not fill is refused without a time", () => {
	const { reserve } = storeOf();
	granted(reserve(70, { perMs: 0 }));
	assert.equal(reserve(50, { perMs: 0 }), { granted: false, bucket: "b", retryAfterMs: undefined });
});

test("more than the capacity counts as the capacity: it needs a full bucket, and empties it", () => {
	const { store, reserve } = storeOf();
	granted(reserve(1_000));
	assert.is(store.level("b"), 0);
	assert.equal(reserve(1_000), { granted: false, bucket: "b", retryAfterMs: 1_000 });
});

test("all charges or none", () => {
	const { store, reserve } = storeOf();
	granted(reserve(90, { bucket: "two" }));
	assert.equal(store.reserve([chargeOf(10, { bucket: "one" }), chargeOf(20, { bucket: "two" })]), {
		granted: false,
		bucket: "two",
		retryAfterMs: 100,
	});
	assert.equal([store.level("one"), store.level("two")], [100, 10]);
});

test("what was estimated too high goes back", () => {
	const { store, reserve } = storeOf();
	granted(reserve(70)).settle([20]);
	assert.is(store.level("b"), 80);
});

test("what was estimated too low is drawn too", () => {
	const { store, reserve } = storeOf();
	granted(reserve(20)).settle([70]);
	assert.is(store.level("b"), 30);
});

test("what is beyond the level is a debt that is paid first", () => {
	const { clock, store, reserve } = storeOf();
	granted(reserve(20)).settle([150]);
	assert.is(store.level("b"), 0);
	assert.equal(reserve(10), { granted: false, bucket: "b", retryAfterMs: 600 });
	clock.pass(500);
	assert.is(store.level("b"), 0);
	clock.pass(100);
	assert.is(store.level("b"), 10);
});

test("an estimate that nobody corrects stays", () => {
	const { store, reserve } = storeOf();
	granted(reserve(70)).settle([undefined]);
	assert.is(store.level("b"), 30);
});

test("settling twice does nothing more", () => {
	const { store, reserve } = storeOf();
	const reservation = granted(reserve(70));
	reservation.settle([20]);
	reservation.settle([0]);
	reservation.settle([100]);
	assert.is(store.level("b"), 80);
});

test("another capacity begins anew", () => {
	const { store, reserve } = storeOf();
	granted(reserve(100));
	granted(reserve(30, { capacity: 40 }));
	assert.is(store.level("b"), 10);
});

test("buckets that are full or over are forgotten when there are many", () => {
	const { clock, store, reserve } = storeOf();
	granted(reserve(10, { bucket: "spent", perMs: 0, forgetAfterMs: 1_000 }));
	granted(reserve(10, { bucket: "kept", perMs: 0 }));
	for (let i = 0; i < 9_998; i++) granted(reserve(1, { bucket: `x${i}` }));
	clock.pass(1_000);
	granted(reserve(1, { bucket: "one more" }));
	assert.equal([store.level("spent"), store.level("x0"), store.level("kept")], [undefined, undefined, 90]);
});

test("the bucket that makes them too many is not forgotten itself", () => {
	const { store, reserve } = storeOf();
	for (let i = 0; i < 10_000; i++) granted(reserve(1, { bucket: `x${i}` }));
	granted(reserve(60, { bucket: "last" }));
	assert.is(store.level("last"), 40);
	assert.is(reserve(60, { bucket: "last" }).granted, false);
});

/** What a test does next: lets time pass, reserves, or settles one of what is open. */
const STEP = fc.oneof(
	fc.record({ type: fc.constant("pass" as const), ms: fc.nat({ max: 300 }) }),
	fc.record({ type: fc.constant("reserve" as const), amount: fc.nat({ max: 140 }) }),
	fc.record({ type: fc.constant("settle" as const), which: fc.nat(), actual: fc.option(fc.nat({ max: 200 }), { nil: undefined }) }),
);

test("in any interleaving the level is never negative or above capacity, and nothing is lost or made", () => {
	fc.assert(
		fc.property(fc.array(STEP, { maxLength: 60 }), (steps) => {
			const { clock, store } = storeOf();
			// Does not fill, so that every unit can be accounted for.
			const charge = (amount: number): Charge => chargeOf(amount, { perMs: 0 });
			const open: { reservation: Reservation; drawn: number }[] = [];
			let owed = 0;
			for (const step of steps) {
				if (step.type === "pass") clock.pass(step.ms);
				else if (step.type === "reserve") {
					const answer = store.reserve([charge(step.amount)]);
					const amount = Math.min(step.amount, 100);
					assert.is(answer.granted, 100 - owed >= amount);
					if (answer.granted) {
						open.push({ reservation: answer, drawn: amount });
						owed += amount;
					}
				} else {
					const [settled] = open.splice(step.which % Math.max(1, open.length), 1);
					settled?.reservation.settle([step.actual]);
					if (settled !== undefined) owed += (step.actual ?? settled.drawn) - settled.drawn;
				}
				// What was drawn and not given back is missing; beyond the capacity it is a debt.
				assert.is(store.level("b") ?? 100, Math.max(0, 100 - owed));
				if (owed > 100) assert.is(store.reserve([charge(1)]).granted, false);
			}
		}),
		{ numRuns: 300 },
	);
});

test("in any interleaving no more is admitted than the capacity, what has come in since, and what was given back", () => {
	fc.assert(
		fc.property(fc.array(STEP, { maxLength: 80 }), (steps) => {
			const { clock, store } = storeOf();
			const open: { reservation: Reservation; drawn: number }[] = [];
			let [admitted, back] = [0, 0];
			for (const step of steps) {
				if (step.type === "pass") clock.pass(step.ms);
				else if (step.type === "reserve") {
					const answer = store.reserve([chargeOf(step.amount)]);
					const drawn = Math.min(step.amount, 100);
					if (!answer.granted) continue;
					open.push({ reservation: answer, drawn });
					admitted += drawn;
				} else {
					const [settled] = open.splice(step.which % Math.max(1, open.length), 1);
					settled?.reservation.settle([step.actual]);
					back += Math.max(0, (settled?.drawn ?? 0) - (step.actual ?? settled?.drawn ?? 0));
				}
				const level = store.level("b") ?? 100;
				assert.ok(level >= 0 && level <= 100);
				assert.ok(admitted <= 100 + clock.now() * 0.1 + back + 1e-6);
			}
		}),
		{ numRuns: 300 },
	);
});

test.run();
