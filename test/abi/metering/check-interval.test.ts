import { test } from "uvu";
import * as assert from "uvu/assert";
import { CheckInterval } from "../../../src/abi/metering/check-interval.ts";

test("the counter at most doubles from one check to the next, up to a bound", () => {
	const interval = new CheckInterval();
	assert.equal(
		Array.from({ length: 6 }, () => interval.next(0.0001)),
		[2048, 4096, 8192, 16_384, 16_384, 16_384],
	);
});

test("the counter shrinks at once when the code becomes slower", () => {
	const interval = new CheckInterval();
	for (let each = 0; each < 5; each++) interval.next(0.001);
	assert.is(interval.next(2), 1638);
	assert.is(interval.next(1), 327);
	assert.is(interval.next(3), 256);
});

test("an overrun holds the counter down, and CPU time lifts the ceiling step by step", () => {
	const interval = new CheckInterval();
	for (let each = 0; each < 5; each++) interval.next(0.001);
	assert.ok(interval.next(30) <= 512);
	for (let each = 0; each < 100; each++) assert.ok(interval.next(0.01) <= 512);
	for (let each = 0; each < 500; each++) interval.next(0.1);
	assert.ok(interval.next(0.01) > 512);
});

test.run();
