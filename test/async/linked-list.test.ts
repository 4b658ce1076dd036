import { getHeapSpaceStatistics } from "node:v8";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LinkedList, type ListPlace } from "../../src/async/linked-list.ts";
import { usedAfterGc, youngCollector } from "../helpers/memory.ts";

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

/** Bytes of the old generation that are in use or not collected yet. */
function oldBytes(): number {
	return getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? Number.NaN;
}

test("objects that come and go do not reach the old generation", () => {
	const list = new LinkedList<number[]>();
	const places: ListPlace[] = [];
	const collectYoung = youngCollector();
	const comeAndGo = (): void => {
		for (let index = 0; index < 5_000; index++) {
			places.push(list.add(new Array(128).fill(index)));
			if (places.length > 16) places.shift()?.remove();
			if (index % 500 === 0) collectYoung();
		}
	};
	comeAndGo();
	usedAfterGc("heapUsed");
	const before = oldBytes();
	comeAndGo();
	const bytesOfEach = (oldBytes() - before) / 5_000;
	assert.ok(bytesOfEach < 100, `${bytesOfEach} of 1,024 bytes`); // A `Set` leaves nearly all of them.
});

test.run();
