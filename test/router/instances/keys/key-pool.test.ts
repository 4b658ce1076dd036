import { test } from "uvu";
import * as assert from "uvu/assert";
import { type KeyPolicy, KeyPool } from "../../../../src/router/instances/keys/key-pool.ts";
import { seededRandom } from "../../../../src/time/random.ts";
import { tally } from "../../load-balancing/policies/picking.ts";

/** A pool whose key values a test can change. `undefined` is a key that is not set. */
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

test("a key pool has one key without a value when no key is configured", () => {
	const { pool } = poolOf("round_robin");
	assert.equal(
		{ present: pool.present, number: pool.pick(0)?.number, value: pool.pick(0)?.value },
		{ present: true, number: 1, value: undefined },
	);
});

test("a key is unavailable while it is not set", () => {
	const { pool, values, pick } = poolOf("round_robin", undefined);
	assert.equal(
		{ present: pool.present, pick: pick(), unavailableUntilAt0: pool.unavailableUntil(0) },
		{ present: false, pick: undefined, unavailableUntilAt0: Number.POSITIVE_INFINITY },
	);
	values[0] = "one";
	assert.equal(
		{ present: pool.present, pick: pick(), unavailableUntilAt0: pool.unavailableUntil(0) },
		{ present: true, pick: "one", unavailableUntilAt0: 0 },
	);
});

test("round robin uses all keys equally often", () => {
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

test("round robin uses the other keys equally often while one cools down", () => {
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

test("a random choice uses all keys about equally often", () => {
	const counts = tally(poolOf("random", "one", "two").picks(2_000).map(String));
	assert.ok(Math.abs((counts.get("one") ?? 0) - 1_000) < 80);
});

test("least errors uses the keys with the fewest recent errors in turn", () => {
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

test("a rejected key is unavailable until its value changes or its time ends, which doubles up to 10 minutes", () => {
	const { pool, values, pick } = poolOf("round_robin", "old");
	key(pool, 1).markRejected(0);
	assert.equal(
		{ pick: pick(), allRejectedAt0: pool.allRejected(0), unavailableUntilAt0: pool.unavailableUntil(0) },
		{ pick: undefined, allRejectedAt0: true, unavailableUntilAt0: 30_000 },
	);
	values[0] = "new";
	assert.equal({ pick: pick(), allRejectedAt0: pool.allRejected(0) }, { pick: "new", allRejectedAt0: false });
	key(pool, 1).markRejected(0);
	// Concurrent requests are rejected together: they count once.
	key(pool, 1).markRejected(1);
	assert.equal({ pickAt59999: pick(59_999), pickAt60000: pick(60_000) }, { pickAt59999: undefined, pickAt60000: "new" });
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

test("a key does not cool down when its value has changed", () => {
	const { pool, values, pick } = poolOf("round_robin", "old");
	key(pool, 1).coolDown(0, 7_000);
	values[0] = "new";
	assert.is(pick(1), "new");
});

test("a rejection has no effect when the instance needs no key", () => {
	const { pool } = poolOf("round_robin");
	key(pool, 1).markRejected(0);
	assert.equal({ number: pool.pick(0)?.number, allRejectedAt0: pool.allRejected(0) }, { number: 1, allRejectedAt0: false });
});

test("a key cools down for the time that the upstream names", () => {
	const { pool, pick } = poolOf("round_robin", "one");
	key(pool, 1).coolDown(0, 7_000);
	assert.equal(
		{ pickAt6999: pick(6_999), unavailableUntilAt6999: pool.unavailableUntil(6_999), pickAt7000: pick(7_000) },
		{ pickAt6999: undefined, unavailableUntilAt6999: 7_000, pickAt7000: "one" },
	);
});

test("a key cools down for growing times up to a minute when the upstream names none, until a success", () => {
	const { pool } = poolOf("round_robin", "one");
	const cooldowns: number[] = [];
	let now = 0;
	for (let i = 0; i < 8; i++) {
		key(pool, 1).coolDown(now, undefined);
		cooldowns.push(pool.unavailableUntil(now) - now);
		now = pool.unavailableUntil(now);
	}
	assert.equal(cooldowns, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
	key(pool, 1).recordSuccess();
	key(pool, 1).coolDown(now, undefined);
	assert.is(pool.unavailableUntil(now) - now, 1_000);
});

test("a key pool is unavailable until its first key is available", () => {
	const { pool } = poolOf("round_robin", "one", "two", undefined);
	key(pool, 1).coolDown(0, 5_000);
	key(pool, 2).coolDown(0, 3_000);
	assert.is(pool.unavailableUntil(0), 3_000);
});

test("a key pool has rejected all keys when the others are not set", () => {
	const { pool } = poolOf("round_robin", "one", undefined);
	key(pool, 1).markRejected(0);
	assert.is(pool.allRejected(0), true);
});

test.run();
