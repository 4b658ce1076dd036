import { test } from "uvu";
import * as assert from "uvu/assert";
import { TokenBucket } from "../../../src/router/limits/token-bucket.ts";

test("it begins full, fills by its rate, and never beyond its capacity", () => {
	const bucket = new TokenBucket(10, 0.5, 0);
	assert.is(bucket.draw(8, 0), 8);
	assert.equal(
		[0, 2, 10, 1_000].map((now) => bucket.level(now)),
		[2, 3, 7, 10],
	);
});

test("a clock that goes back fills nothing", () => {
	const bucket = new TokenBucket(10, 1, 100);
	bucket.draw(10, 100);
	assert.equal([bucket.level(50), bucket.level(105)], [0, 5]);
});

test("it holds what is there; more than its capacity counts as its capacity", () => {
	const bucket = new TokenBucket(10, 1, 0);
	assert.equal([bucket.holds(10, 0), bucket.holds(99, 0)], [true, true]);
	bucket.draw(1, 0);
	assert.equal([bucket.holds(9, 0), bucket.holds(10, 0), bucket.holds(99, 0)], [true, false, false]);
});

test("the time until something is there includes what is owed", () => {
	const bucket = new TokenBucket(10, 2, 0);
	const drawn = bucket.draw(10, 0);
	assert.is(bucket.msUntil(4, 0), 2);
	bucket.settle(drawn, 16, 0);
	assert.is(bucket.msUntil(4, 0), 5);
	assert.is(bucket.msUntil(4, 5), 0);
});

test("one that does not fill never has what it lacks", () => {
	const bucket = new TokenBucket(10, 0, 0);
	bucket.draw(8, 0);
	assert.equal([bucket.msUntil(2, 0), bucket.msUntil(3, 0)], [0, Number.POSITIVE_INFINITY]);
});

test("what goes back pays a debt first", () => {
	const bucket = new TokenBucket(10, 0, 0);
	const [one, two] = [bucket.draw(6, 0), bucket.draw(4, 0)];
	bucket.settle(one, 9, 0);
	bucket.settle(two, 0, 0);
	assert.is(bucket.level(0), 1);
});

test.run();
