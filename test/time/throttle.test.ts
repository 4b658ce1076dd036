import { test } from "uvu";
import * as assert from "uvu/assert";
import { Throttle } from "../../src/time/throttle.ts";
import { FakeClock } from "../helpers/fake-clock.ts";

test("one event of an interval passes, and the next one that passes has the count of all since", () => {
	const clock = new FakeClock();
	const throttle = new Throttle(clock, 100);
	assert.is(throttle.pass(), 1);
	assert.is(throttle.pass(), undefined);
	clock.pass(99);
	assert.is(throttle.pass(), undefined);
	clock.pass(1);
	assert.is(throttle.pass(), 3);
	clock.pass(100);
	assert.is(throttle.pass(), 1);
});

test.run();
