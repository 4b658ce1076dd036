import { test } from "uvu";
import * as assert from "uvu/assert";
import { RoundRobin } from "../../../../src/router/load-balancing/policies/round-robin.ts";
import { contextOf, picks, weighing } from "./picking.ts";

/** A picker and instances a, b, c, … of these weights. */
function turns(...weights: readonly number[]) {
	const picker = new RoundRobin();
	const instances = weighing(...weights);
	picker.update(instances);
	return { picker, instances };
}

test("round robin picks instances in turn, whatever their weights", () => {
	const { picker } = turns(1, 5, 1);
	assert.is(picks(picker, 7).join(""), "abcabca");
});

test("round robin skips an instance when it is not usable", () => {
	const { picker } = turns(1, 1, 1);
	assert.is(picks(picker, 4, contextOf({ without: ["b"] })).join(""), "acac");
	assert.is(picks(picker, 3).join(""), "abc");
});

test("round robin picks no instance and keeps the turn when none is usable", () => {
	const { picker } = turns(1, 1);
	assert.is(picker.pick(contextOf({ without: ["a", "b"] })), undefined);
	assert.is(picks(picker, 2).join(""), "ab");
});

test("round robin picks no instance without any", () => {
	assert.is(new RoundRobin().pick(contextOf()), undefined);
});

test("round robin continues after the last pick when the instances change", () => {
	const { picker, instances } = turns(1, 1, 1, 1);
	const [a, b, c, d] = instances;
	assert.is(picks(picker, 2).join(""), "ab");
	picker.update([b, c, d].filter((each) => each !== undefined));
	assert.is(picks(picker, 2).join(""), "cd");
	picker.update([a, b, c, d].filter((each) => each !== undefined));
	assert.is(picks(picker, 2).join(""), "ab");
});

test("round robin continues with the next instance when the last pick was removed", () => {
	const { picker, instances } = turns(1, 1, 1, 1);
	assert.is(picks(picker, 2).join(""), "ab");
	picker.update(instances.filter(({ name }) => name !== "b"));
	assert.is(picks(picker, 3).join(""), "cda");
});

test("round robin records its pick", () => {
	const { picker } = turns(1, 1);
	const context = contextOf();
	picks(picker, 1, context);
	assert.equal(context.compared, [{ backend: "a", score: undefined }]);
});

test.run();
