import { test } from "uvu";
import * as assert from "uvu/assert";
import { TokenBucket } from "../../../src/router/limits/token-bucket.ts";

test("a token bucket starts full and refills at its rate up to its capacity", () => {
	const bucket = new TokenBucket(10, 0.5, 0);
	const drawn = bucket.draw(8, 0);
	const levels = { at0: bucket.level(0), at2: bucket.level(2), at10: bucket.level(10), at1000: bucket.level(1_000) };
	assert.is(drawn, 8);
	assert.equal(levels, { at0: 2, at2: 3, at10: 7, at1000: 10 });
});

test("a token bucket refills nothing when the clock goes back", () => {
	const bucket = new TokenBucket(10, 1, 100);
	bucket.draw(10, 100);
	const levels = { at50: bucket.level(50), waitAt50: bucket.msUntil(4, 50), at105: bucket.level(105) };
	assert.equal(levels, { at50: 0, waitAt50: 4, at105: 5 });
});

test("a full token bucket makes no request wait, also one for more than its capacity", () => {
	const bucket = new TokenBucket(10, 1, 0);
	assert.equal({ capacity: bucket.msUntil(10, 0), more: bucket.msUntil(99, 0) }, { capacity: 0, more: 0 });
});

test("a token bucket reports the wait for the amount that is missing, of at most its capacity", () => {
	const bucket = new TokenBucket(10, 1, 0);
	bucket.draw(1, 0);
	const waits = { level: bucket.msUntil(9, 0), capacity: bucket.msUntil(10, 0), more: bucket.msUntil(99, 0) };
	assert.equal(waits, { level: 0, capacity: 1, more: 1 });
});

test("a token bucket adds its debt to the reported wait", () => {
	const bucket = new TokenBucket(10, 2, 0);
	const drawn = bucket.draw(10, 0);
	const before = bucket.msUntil(4, 0);
	bucket.settle(drawn, 16, 0);
	assert.equal({ before, withDebt: bucket.msUntil(4, 0), later: bucket.msUntil(4, 5) }, { before: 2, withDebt: 5, later: 0 });
});

test("a token bucket without a refill never gets an amount that is missing", () => {
	const bucket = new TokenBucket(10, 0, 0);
	bucket.draw(8, 0);
	assert.equal({ held: bucket.msUntil(2, 0), missing: bucket.msUntil(3, 0) }, { held: 0, missing: Number.POSITIVE_INFINITY });
});

test("a token bucket pays its debt first when a drawn amount is returned", () => {
	const bucket = new TokenBucket(10, 0, 0);
	const [one, other] = [bucket.draw(6, 0), bucket.draw(4, 0)];
	bucket.settle(one, 9, 0);
	bucket.settle(other, 0, 0);
	assert.is(bucket.level(0), 1);
});

test("a resized token bucket keeps the amount that was drawn, with its debt", () => {
	const bucket = new TokenBucket(100, 1, 0);
	bucket.settle(bucket.draw(100, 0), 150, 0);
	const resized = bucket.resized(120, 1, 0);
	assert.equal({ level: resized.level(0), wait: resized.msUntil(10, 0) }, { level: 0, wait: 40 });
});

test("a debt lasts a day at most, whatever amount an upstream reports", () => {
	const bucket = new TokenBucket(1_000, 1_000 / 60_000, 0);
	bucket.settle(bucket.draw(10, 0), 2 ** 32, 0);
	assert.is(Math.round(bucket.msUntil(1, 0) / 3_600_000), 24);
});

test("a debt of a budget that never refills is not bounded", () => {
	const bucket = new TokenBucket(10, 0, 0);
	bucket.settle(bucket.draw(10, 0), 2 ** 32, 0);
	assert.is(bucket.msUntil(1, 0), Number.POSITIVE_INFINITY);
});

test.run();
