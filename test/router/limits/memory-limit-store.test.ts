import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Charge, Refusal, Reservation } from "../../../src/router/limits/limit-store.ts";
import { MemoryLimitStore } from "../../../src/router/limits/memory-limit-store.ts";
import { FakeClock } from "../../helpers/fake-clock.ts";

/** A store at time 0. Buckets hold 100 and refill 1 per 10 ms, unless a charge says otherwise. */
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

test("a bucket refills up to its capacity after a reservation", () => {
	const { clock, store, reserve } = storeOf();
	granted(reserve(70));
	assert.is(store.level("b"), 30);
	clock.pass(200);
	assert.is(store.level("b"), 50);
	clock.pass(10_000);
	assert.is(store.level("b"), 100);
	assert.is(store.level("other"), undefined);
});

test("a reservation is refused with a time for a retry when the bucket holds too little", () => {
	const { clock, reserve } = storeOf();
	granted(reserve(70));
	assert.equal(reserve(50), { granted: false, bucket: "b", retryAfterMs: 200 });
	clock.pass(199);
	assert.equal(reserve(50), { granted: false, bucket: "b", retryAfterMs: 1 });
	clock.pass(1);
	assert.is(reserve(50).granted, true);
});

test("a reservation is refused without a time when the bucket never refills", () => {
	const { reserve } = storeOf();
	granted(reserve(70, { perMs: 0 }));
	assert.equal(reserve(50, { perMs: 0 }), { granted: false, bucket: "b", retryAfterMs: undefined });
});

test("a reservation above the capacity needs a full bucket and empties it", () => {
	const { store, reserve } = storeOf();
	granted(reserve(1_000));
	assert.is(store.level("b"), 0);
	assert.equal(reserve(1_000), { granted: false, bucket: "b", retryAfterMs: 1_000 });
});

test("a reservation draws no charge when one is refused", () => {
	const { store, reserve } = storeOf();
	granted(reserve(90, { bucket: "two" }));
	assert.equal(store.reserve([chargeOf(10, { bucket: "one" }), chargeOf(20, { bucket: "two" })]), {
		granted: false,
		bucket: "two",
		retryAfterMs: 100,
	});
	assert.equal({ one: store.level("one"), two: store.level("two") }, { one: 100, two: 10 });
});

test("a settlement returns the difference when the estimate was too high", () => {
	const { store, reserve } = storeOf();
	granted(reserve(70)).settle([20]);
	assert.is(store.level("b"), 80);
});

test("a settlement draws the difference when the estimate was too low", () => {
	const { store, reserve } = storeOf();
	granted(reserve(20)).settle([70]);
	assert.is(store.level("b"), 30);
});

test("a settlement above the level is a debt that the refill pays first", () => {
	const { clock, store, reserve } = storeOf();
	granted(reserve(20)).settle([150]);
	assert.is(store.level("b"), 0);
	assert.equal(reserve(10), { granted: false, bucket: "b", retryAfterMs: 600 });
	clock.pass(500);
	assert.is(store.level("b"), 0);
	clock.pass(100);
	assert.is(store.level("b"), 10);
});

test("a settlement keeps the estimate when the actual amount is unknown", () => {
	const { store, reserve } = storeOf();
	granted(reserve(70)).settle([undefined]);
	assert.is(store.level("b"), 30);
});

test("a settlement has no effect after the first one", () => {
	const { store, reserve } = storeOf();
	const reservation = granted(reserve(70));
	reservation.settle([20]);
	reservation.settle([0]);
	reservation.settle([100]);
	assert.is(store.level("b"), 80);
});

test("a rate starts full when its capacity changes", () => {
	const { store, reserve } = storeOf();
	granted(reserve(100));
	granted(reserve(30, { capacity: 40 }));
	assert.is(store.level("b"), 10);
});

test("the store deletes full and expired buckets when there are 10,000", () => {
	const { clock, store, reserve } = storeOf();
	granted(reserve(10, { bucket: "spent", perMs: 0, forgetAfterMs: 1_000 }));
	granted(reserve(10, { bucket: "kept", perMs: 0 }));
	for (let i = 0; i < 9_998; i++) granted(reserve(1, { bucket: `x${i}` }));
	clock.pass(1_000);
	granted(reserve(1, { bucket: "one more" }));
	assert.equal(
		{ spent: store.level("spent"), x0: store.level("x0"), kept: store.level("kept") },
		{ spent: undefined, x0: undefined, kept: 90 },
	);
});

test("the store keeps a budget whose time was extended by a later draw", () => {
	const { clock, store, reserve } = storeOf();
	const spend = () => granted(reserve(10, { bucket: "spent", perMs: 0, forgetAfterMs: 1_000 }));
	spend();
	for (let i = 0; i < 9_999; i++) granted(reserve(1, { bucket: `x${i}` }));
	clock.pass(500);
	spend();
	clock.pass(500);
	granted(reserve(1, { bucket: "one more" }));
	assert.is(store.level("spent"), 80);
});

test("the store keeps the new bucket when it deletes others", () => {
	const { store, reserve } = storeOf();
	for (let i = 0; i < 10_000; i++) granted(reserve(1, { bucket: `x${i}` }));
	granted(reserve(60, { bucket: "last" }));
	assert.is(store.level("last"), 40);
	assert.is(reserve(60, { bucket: "last" }).granted, false);
});

/** The next step of a test: time passes, or an amount is reserved, or an open reservation is settled. */
const STEP = fc.oneof(
	fc.record({ type: fc.constant("pass" as const), ms: fc.nat({ max: 300 }) }),
	fc.record({ type: fc.constant("reserve" as const), amount: fc.nat({ max: 140 }) }),
	fc.record({ type: fc.constant("settle" as const), which: fc.nat(), actual: fc.option(fc.nat({ max: 200 }), { nil: undefined }) }),
);

test("no amount is lost or created in any order of reservations and settlements", () => {
	fc.assert(
		fc.property(fc.array(STEP, { maxLength: 60 }), (steps) => {
			const { clock, store } = storeOf();
			// Never refills, so that every unit can be accounted for.
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
				// Amounts drawn and not returned are missing; beyond the capacity they are a debt.
				assert.is(store.level("b") ?? 100, Math.max(0, 100 - owed));
				if (owed > 100) assert.is(store.reserve([charge(1)]).granted, false);
			}
		}),
		{ numRuns: 300 },
	);
});

test("reservations never exceed capacity, refill and returns in any order of reservations and settlements", () => {
	fc.assert(
		fc.property(fc.array(STEP, { maxLength: 80 }), (steps) => {
			const { clock, store } = storeOf();
			const open: { reservation: Reservation; drawn: number }[] = [];
			let [admitted, returned] = [0, 0];
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
					returned += Math.max(0, (settled?.drawn ?? 0) - (step.actual ?? settled?.drawn ?? 0));
				}
				const level = store.level("b") ?? 100;
				assert.ok(level >= 0 && level <= 100);
				assert.ok(admitted <= 100 + clock.now() * 0.1 + returned + 1e-6);
			}
		}),
		{ numRuns: 300 },
	);
});

test.run();
