import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Instance } from "../../../../src/router/instances/instance.ts";
import { AliasTable } from "../../../../src/router/load-balancing/policies/alias-table.ts";
import { WeightedRandom } from "../../../../src/router/load-balancing/policies/weighted-random.ts";
import { seededRandom } from "../../../../src/time/random.ts";
import { contextOf, picks, tally, unfairness, weighing } from "./picking.ts";

function pickerOf(instances: readonly Instance[], seed = 7): WeightedRandom {
	const picker = new WeightedRandom(seededRandom(seed));
	picker.update(instances);
	return picker;
}

for (const weights of [[1], [1, 1], [5, 3, 2], [1, 100], [9, 1, 1, 1, 1, 1, 1, 1]]) {
	test(`weighted random gives shares within 2% of the weights ${weights.join(", ")}`, () => {
		const instances = weighing(...weights);
		assert.ok(unfairness(instances, picks(pickerOf(instances), 20_000)) < 0.02);
	});
}

test("weighted random keeps the proportion of the others when an instance is not usable", () => {
	const instances = weighing(6, 3, 1);
	const counts = tally(picks(pickerOf(instances), 20_000, contextOf({ without: ["a"] })));
	assert.is(counts.get("a"), undefined);
	assert.ok(Math.abs((counts.get("b") ?? 0) / 20_000 - 0.75) < 0.03);
});

test("weighted random finds the only usable instance when it is rarely drawn", () => {
	const instances = weighing(1_000, 1_000, 1);
	assert.equal(tally(picks(pickerOf(instances), 100, contextOf({ without: ["a", "b"] }))), new Map([["c", 100]]));
});

test("weighted random picks no instance when none is usable", () => {
	assert.is(pickerOf(weighing(1, 1)).pick(contextOf({ without: ["a", "b"] })), undefined);
	assert.is(pickerOf([]).pick(contextOf()), undefined);
});

test("weighted random repeats its picks when the random numbers are equal", () => {
	const instances = weighing(1, 2, 3);
	assert.equal(picks(pickerOf(instances, 3), 50), picks(pickerOf(instances, 3), 50));
});

test("an alias table draws each index in proportion to its weight", () => {
	const table = new AliasTable([1, 2, 5]);
	const counts = [0, 0, 0];
	for (let i = 0; i < 8_000; i++) {
		const at = table.draw(() => (i + 0.5) / 8_000);
		counts[at] = (counts[at] ?? 0) + 1;
	}
	assert.equal(counts, [1_000, 2_000, 5_000]);
});

test.run();
