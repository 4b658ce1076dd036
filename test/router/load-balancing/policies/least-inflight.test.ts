import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Instance } from "../../../../src/router/instances/instance.ts";
import { LeastInflight } from "../../../../src/router/load-balancing/policies/least-inflight.ts";
import { type Random, seededRandom } from "../../../../src/time/random.ts";
import { contextOf, load, many, picks, tally, weighing } from "./picking.ts";

function pickerOf(instances: readonly Instance[], random: Random = seededRandom(5)): LeastInflight {
	const picker = new LeastInflight(random);
	picker.update(instances);
	return picker;
}

test("least inflight picks the instance with the fewest requests of up to 8", () => {
	const instances = weighing(1, 1, 1, 1, 1, 1, 1, 1);
	for (const [index, instance] of instances.entries()) load(instance, index === 5 ? 1 : 2);
	assert.equal(tally(picks(pickerOf(instances), 50)), new Map([["f", 50]]));
});

test("least inflight counts requests relative to the weight", () => {
	const instances = weighing(1, 4);
	load(instances[1], 2);
	assert.equal(picks(pickerOf(instances), 1), ["b"]);
	load(instances[1], 2);
	assert.equal(picks(pickerOf(instances), 1), ["a"]);
});

test("least inflight balances equal instances at random", () => {
	const counts = tally(picks(pickerOf(weighing(1, 1, 1)), 3_000));
	for (const name of "abc") assert.ok(Math.abs((counts.get(name) ?? 0) - 1_000) < 100);
});

test("least inflight skips an idle instance when it is not usable", () => {
	const instances = weighing(1, 1);
	load(instances[1], 9);
	assert.equal(picks(pickerOf(instances), 3, contextOf({ without: ["a"] })), ["b", "b", "b"]);
});

test("least inflight records all compared instances with their scores", () => {
	const instances = weighing(1, 2);
	load(instances[0], 3);
	const context = contextOf();
	picks(
		pickerOf(instances, () => 0),
		1,
		context,
	);
	assert.equal(context.compared, [
		{ backend: "a", score: 4 },
		{ backend: "b", score: 0.5 },
	]);
});

test("least inflight picks the better of two random instances when there are more than 8", () => {
	const instances = many(100);
	load(instances[20], 1);
	const draws = [0.2, 0.6];
	const context = contextOf();
	assert.equal(
		picks(
			pickerOf(instances, () => draws.shift() ?? 0),
			1,
			context,
		),
		["i60"],
	);
	assert.equal(context.compared, [
		{ backend: "i20", score: 2 },
		{ backend: "i60", score: 1 },
	]);
});

test("least inflight keeps the load within 5% of the mean when there are 100 instances", () => {
	const instances = many(100);
	const picker = pickerOf(instances);
	for (let i = 0; i < 10_000; i++) load(picker.pick(contextOf()), 1);
	assert.ok(Math.max(...instances.map(({ stats }) => stats.inFlight)) <= 105);
});

test("least inflight finds the only usable instance of many", () => {
	const instances = many(40);
	const without = instances.map(({ name }) => name).filter((name) => name !== "i7");
	assert.equal(tally(picks(pickerOf(instances), 50, contextOf({ without }))), new Map([["i7", 50]]));
});

test.run();
