import { test } from "uvu";
import * as assert from "uvu/assert";
import { LinkedList } from "../../src/async/linked-list.ts";

/** Takes the names of all objects of a list. */
function namesOf(list: LinkedList<{ readonly name: string }>): string[] {
	const names: string[] = [];
	for (let first = list.takeFirst(); first !== undefined; first = list.takeFirst()) names.push(first.name);
	return names;
}

test("objects are taken in the order in which they were added", () => {
	const list = new LinkedList<{ readonly name: string }>();
	for (const name of ["a", "b", "c"]) list.add({ name });
	assert.equal(namesOf(list), ["a", "b", "c"]);
	assert.is(list.isEmpty, true);
	list.add({ name: "d" });
	assert.equal(namesOf(list), ["d"]);
});

for (const removed of [["a"], ["b"], ["c"], ["a", "b"], ["b", "c"], ["c", "b"], ["a", "c"], ["c", "a", "b"]]) {
	test(`${removed.join(" and ")} of a, b and c can be removed`, () => {
		const list = new LinkedList<{ readonly name: string }>();
		const places = new Map(["a", "b", "c"].map((name) => [name, list.add({ name })]));
		for (const name of removed) places.get(name)?.remove();
		list.add({ name: "d" });
		assert.equal(namesOf(list), [...["a", "b", "c"].filter((name) => !removed.includes(name)), "d"]);
	});
}

test("an object is removed once, also after it was taken", () => {
	const list = new LinkedList<{ readonly name: string }>();
	const first = list.add({ name: "a" });
	const second = list.add({ name: "b" });
	list.takeFirst();
	first.remove();
	assert.is(list.isEmpty, false);
	second.remove();
	second.remove();
	assert.is(list.isEmpty, true);
});

test.run();
