import { test } from "uvu";
import * as assert from "uvu/assert";
import { type KeyPolicy, KeyPool } from "../../../../src/router/instances/keys/key-pool.ts";
import { seededRandom } from "../../../../src/time/random.ts";
import { tally } from "../../load-balancing/policies/picking.ts";

/** Keys whose values a test can change; `undefined` is one that is not set. */
function poolOf(policy: KeyPolicy, ...values: (string | undefined)[]) {
	const pool = new KeyPool({ sources: values.map((_, index) => ({ read: () => values[index] })), policy, random: seededRandom(3) });
	const pick = (now = 0): string | undefined => pool.pick(now)?.value;
	const picks = (count: number, now = 0): (string | undefined)[] => Array.from({ length: count }, () => pick(now));
	return { pool, values, pick, picks };
}

/** The key with this number. */
function key(pool: KeyPool, number: number) {
	const found = pool.keys.find((each) => each.number === number);
	if (found === undefined) throw new Error(`no key ${number}`);
	return found;
}

test("an instance without keys has one that is always there and has no value", () => {
	const { pool } = poolOf("round_robin");
	assert.equal([pool.present, pool.pick(0)?.number, pool.pick(0)?.value], [true, 1, undefined]);
});

test("a key that is not set is none", () => {
	const { pool, values, pick } = poolOf("round_robin", undefined);
	assert.equal([pool.present, pick(), pool.unavailableUntil(0)], [false, undefined, Number.POSITIVE_INFINITY]);
	values[0] = "one";
	assert.equal([pool.present, pick(), pool.unavailableUntil(0)], [true, "one", 0]);
});

test("in turn each key serves as often as the others", () => {
	const { picks } = poolOf("round_robin", "one", "two", "three");
	assert.equal(
		tally(picks(30).map(String)),
		new Map([
			["two", 10],
			["three", 10],
			["one", 10],
		]),
	);
});

test("in turn those that are left share what a resting one leaves", () => {
	const { pool, picks } = poolOf("round_robin", "one", "two", "three");
	key(pool, 2).coolDown(0, 1_000);
	assert.equal(
		tally(picks(30).map(String)),
		new Map([
			["three", 15],
			["one", 15],
		]),
	);
});

test("by chance each serves about as often", () => {
	const counts = tally(poolOf("random", "one", "two").picks(2_000).map(String));
	assert.ok(Math.abs((counts.get("one") ?? 0) - 1_000) < 80);
});

test("by errors the key that had fewest of late serves, those with equally few in turn", () => {
	const { pool, picks } = poolOf("least_errors", "one", "two", "three");
	key(pool, 2).coolDown(0, 0);
	assert.equal(
		tally(picks(10).map(String)),
		new Map([
			["three", 5],
			["one", 5],
		]),
	);
	key(pool, 1).coolDown(0, 0);
	key(pool, 1).coolDown(0, 0);
	key(pool, 3).coolDown(0, 0);
	key(pool, 3).coolDown(0, 0);
	assert.equal(tally(picks(5).map(String)), new Map([["two", 5]]));
});

test("a key that was refused is out until its value changes or its time has passed, which doubles up to ten minutes", () => {
	const { pool, values, pick } = poolOf("round_robin", "old");
	key(pool, 1).markRejected(0);
	assert.equal([pick(), pool.allRejected(0), pool.unavailableUntil(0)], [undefined, true, 30_000]);
	values[0] = "new";
	assert.equal([pick(), pool.allRejected(0)], ["new", false]);
	key(pool, 1).markRejected(0);
	// Those that were under way with it are refused too: that is once.
	key(pool, 1).markRejected(1);
	assert.equal([pick(59_999), pick(60_000)], [undefined, "new"]);
	let now = 60_000;
	for (let i = 0; i < 9; i++) {
		key(pool, 1).markRejected(now);
		now = pool.unavailableUntil(now);
	}
	key(pool, 1).markRejected(now);
	assert.is(pool.unavailableUntil(now) - now, 600_000);
	now = pool.unavailableUntil(now);
	key(pool, 1).recordSuccess();
	key(pool, 1).markRejected(now);
	assert.is(pool.unavailableUntil(now) - now, 30_000);
});

test("a key that took the place of one at rest does not rest", () => {
	const { pool, values, pick } = poolOf("round_robin", "old");
	key(pool, 1).coolDown(0, 7_000);
	values[0] = "new";
	assert.is(pick(1), "new");
});

test("an instance without keys cannot be without them: a refusal retires nothing", () => {
	const { pool } = poolOf("round_robin");
	key(pool, 1).markRejected(0);
	assert.equal([pool.pick(0)?.number, pool.allRejected(0)], [1, false]);
});

test("a key that was asked to wait rests that long", () => {
	const { pool, pick } = poolOf("round_robin", "one");
	key(pool, 1).coolDown(0, 7_000);
	assert.equal([pick(6_999), pool.unavailableUntil(6_999), pick(7_000)], [undefined, 7_000, "one"]);
});

test("asked to wait without a time it rests longer each time, up to a minute, until it succeeds", () => {
	const { pool } = poolOf("round_robin", "one");
	const rests: number[] = [];
	let now = 0;
	for (let i = 0; i < 8; i++) {
		key(pool, 1).coolDown(now, undefined);
		rests.push(pool.unavailableUntil(now) - now);
		now = pool.unavailableUntil(now);
	}
	assert.equal(rests, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
	key(pool, 1).recordSuccess();
	key(pool, 1).coolDown(now, undefined);
	assert.is(pool.unavailableUntil(now) - now, 1_000);
});

test("the soonest of several that are out says when one is back", () => {
	const { pool } = poolOf("round_robin", "one", "two", undefined);
	key(pool, 1).coolDown(0, 5_000);
	key(pool, 2).coolDown(0, 3_000);
	assert.is(pool.unavailableUntil(0), 3_000);
});

test("keys that are not set do not hide that all others were refused", () => {
	const { pool } = poolOf("round_robin", "one", undefined);
	key(pool, 1).markRejected(0);
	assert.is(pool.allRejected(0), true);
});

test.run();
