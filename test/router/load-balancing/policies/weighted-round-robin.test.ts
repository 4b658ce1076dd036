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

test("a cycle of picks gives each exactly its share, spread evenly", () => {
	assert.is(picks(pickerOf(weighing(5, 1, 1)), 14).join(""), "abaaacaabaaaca");
});

test("over many cycles the shares are exact", () => {
	const instances = weighing(7, 3, 3, 2, 1);
	const names = picks(pickerOf(instances), 16 * 250);
	assert.is(unfairness(instances, names), 0);
});

test("equal weights take turns", () => {
	assert.is(picks(pickerOf(weighing(2, 2, 2)), 6).join(""), "abcabc");
});

test("for any weights, no stretch of picks gives an instance more than its share and two", () => {
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

test("an instance that could not be picked for a while is owed nothing for it", () => {
	const picker = pickerOf(weighing(1, 3));
	assert.equal(tally(picks(picker, 100, contextOf({ without: ["a"] }))), new Map([["b", 100]]));
	assert.is(tally(picks(picker, 12)).get("a"), 3);
});

test("a request that nobody can take changes nobody's turn", () => {
	const [undisturbed, disturbed] = [pickerOf(weighing(3, 2, 1)), pickerOf(weighing(3, 2, 1))];
	const expected = picks(undisturbed, 12);
	const seen = Array.from({ length: 12 }, () => {
		assert.is(disturbed.pick(contextOf({ without: ["a", "b", "c"] })), undefined);
		return picks(disturbed, 1)[0];
	});
	assert.equal(seen, expected);
});

test("shares stay exact after instances have come and gone", () => {
	const instances = weighing(4, 2, 1, 1);
	const picker = pickerOf(instances);
	picks(picker, 13);
	picker.update(instances.filter(({ name }) => name !== "b"));
	picks(picker, 7);
	picker.update(instances);
	assert.ok(unfairness(instances, picks(picker, 8 * 100)) <= 0.01);
});

/** By how much the picks of an instance exceed its share in the stretch where they do most. */
function longestLead(names: readonly string[], name: string, share: number): number {
	let [lead, longest] = [0, 0];
	for (const each of names) {
		lead = Math.max(0, lead + (each === name ? 1 : 0) - share);
		longest = Math.max(longest, lead);
	}
	return longest;
}

test.run();
