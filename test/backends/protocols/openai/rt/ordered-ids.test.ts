import { test } from "uvu";
import * as assert from "uvu/assert";
import { OrderedIds } from "../../../../../src/backends/protocols/openai/rt/ordered-ids.ts";

test("ids keep their order, and an id that is added again keeps its place", () => {
	const ids = new OrderedIds();
	for (const id of ["a", "b", "a"]) ids.add(id);
	assert.equal([ids.size, ids.oldest, ids.delete("a"), ids.delete("a"), ids.oldest], [2, "a", true, false, "b"]);
});

test("ids are bounded, however many an upstream names", () => {
	const ids = new OrderedIds();
	for (let i = 0; i < 100_000; i++) ids.add(`item-${i}`);
	assert.equal([ids.size, ids.oldest, ids.has("item-99999")], [1_024, "item-98976", true]);
});

test.run();
