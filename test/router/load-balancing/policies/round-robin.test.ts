import { test } from "uvu";
import * as assert from "uvu/assert";
import { RoundRobin } from "../../../../src/router/load-balancing/policies/round-robin.ts";
import { contextOf, picks, weighing } from "./picking.ts";

/** Takes turns among instances of one letter each. */
function turns(...weights: readonly number[]) {
	const picker = new RoundRobin();
	const instances = weighing(...weights);
	picker.update(instances);
	return { picker, instances };
}

test("each has its turn, whatever its weight", () => {
	const { picker } = turns(1, 5, 1);
	assert.is(picks(picker, 7).join(""), "abcabca");
});

test("an instance that cannot take a request is passed over", () => {
	const { picker } = turns(1, 1, 1);
	assert.is(picks(picker, 4, contextOf({ without: ["b"] })).join(""), "acac");
	assert.is(picks(picker, 3).join(""), "abc");
});

test("nobody is picked when nobody can take the request, and no turn is lost", () => {
	const { picker } = turns(1, 1);
	assert.is(picker.pick(contextOf({ without: ["a", "b"] })), undefined);
	assert.is(picks(picker, 2).join(""), "ab");
});

test("without instances nobody is picked", () => {
	assert.is(new RoundRobin().pick(contextOf()), undefined);
});

test("when the set changes the turn goes on behind the one that was served last", () => {
	const { picker, instances } = turns(1, 1, 1, 1);
	const [a, b, c, d] = instances;
	assert.is(picks(picker, 2).join(""), "ab");
	picker.update([b, c, d].filter((each) => each !== undefined));
	assert.is(picks(picker, 2).join(""), "cd");
	picker.update([a, b, c, d].filter((each) => each !== undefined));
	assert.is(picks(picker, 2).join(""), "ab");
});

test("when the one served last has gone the turn goes to the one that stood behind it", () => {
	const { picker, instances } = turns(1, 1, 1, 1);
	assert.is(picks(picker, 2).join(""), "ab");
	picker.update(instances.filter(({ name }) => name !== "b"));
	assert.is(picks(picker, 3).join(""), "cda");
});

test("the pick is put on record", () => {
	const { picker } = turns(1, 1);
	const context = contextOf();
	picks(picker, 1, context);
	assert.equal(context.judged, [{ backend: "a", score: undefined }]);
});

test.run();
