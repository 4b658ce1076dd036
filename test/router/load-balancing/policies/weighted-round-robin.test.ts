import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Instance } from "../../../../src/router/instances/instance.ts";
import { WeightedRoundRobin } from "../../../../src/router/load-balancing/policies/weighted-round-robin.ts";
import { contextOf, picks, tally, unfairness, weighing } from "./picking.ts";

function pickerOf(instances: readonly Instance[]): WeightedRoundRobin {
	const picker = new WeightedRoundRobin();
	picker.update(instances);
	return picker;
}

test("weighted round robin spreads each instance's share evenly over a cycle", () => {
	assert.is(picks(pickerOf(weighing(5, 1, 1)), 14).join(""), "abaaacaabaaaca");
});

test("weighted round robin gives exact shares over many cycles", () => {
	const instances = weighing(7, 3, 3, 2, 1);
	const names = picks(pickerOf(instances), 16 * 250);
	assert.is(unfairness(instances, names), 0);
});

test("weighted round robin picks instances in turn when their weights are equal", () => {
	assert.is(picks(pickerOf(weighing(2, 2, 2)), 6).join(""), "abcabc");
});

test("weighted round robin gives no instance more than two picks above its share in any stretch, for any weights", () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }), (weights) => {
			const instances = weighing(...weights);
			const names = picks(pickerOf(instances), 300);
			const sum = weights.reduce((total, weight) => total + weight, 0);
			for (const { name, weight } of instances) assert.ok(longestLead(names, name, weight / sum) <= 2 + 1e-9);
		}),
		{ numRuns: 100 },
	);
});

test("weighted round robin owes an instance nothing when it was not usable for a while", () => {
	const picker = pickerOf(weighing(1, 3));
	assert.equal(tally(picks(picker, 100, contextOf({ without: ["a"] }))), new Map([["b", 100]]));
	assert.is(tally(picks(picker, 12)).get("a"), 3);
});

test("weighted round robin keeps all turns when no instance is usable", () => {
	const [reference, interrupted] = [pickerOf(weighing(3, 2, 1)), pickerOf(weighing(3, 2, 1))];
	const expected = picks(reference, 12);
	const seen = Array.from({ length: 12 }, () => {
		assert.is(interrupted.pick(contextOf({ without: ["a", "b", "c"] })), undefined);
		return picks(interrupted, 1)[0];
	});
	assert.equal(seen, expected);
});

test("weighted round robin continues with the next instance of a weight when the last pick was removed", () => {
	const instances = weighing(2, 2, 2, 2);
	const picker = pickerOf(instances);
	assert.is(picks(picker, 2).join(""), "ab");
	picker.update(instances.filter(({ name }) => name !== "b"));
	assert.is(picks(picker, 3).join(""), "cda");
});

test("weighted round robin gives exact shares after instances were removed and added", () => {
	const instances = weighing(4, 2, 1, 1);
	const picker = pickerOf(instances);
	picks(picker, 13);
	picker.update(instances.filter(({ name }) => name !== "b"));
	picks(picker, 7);
	picker.update(instances);
	assert.ok(unfairness(instances, picks(picker, 8 * 100)) <= 0.01);
});

/** The largest excess of an instance's picks over its share, over all stretches. */
function longestLead(names: readonly string[], name: string, share: number): number {
	let [lead, longest] = [0, 0];
	for (const each of names) {
		lead = Math.max(0, lead + (each === name ? 1 : 0) - share);
		longest = Math.max(longest, lead);
	}
	return longest;
}

test.run();
