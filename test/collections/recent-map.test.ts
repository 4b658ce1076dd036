import { test } from "uvu";
import * as assert from "uvu/assert";
import { RecentMap } from "../../src/collections/recent-map.ts";

function filled(): RecentMap<string, number> {
	const map = new RecentMap<string, number>(2);
	map.set("a", 1);
	map.set("b", 2);
	return map;
}

test("a further entry takes the place of the one that was set longest ago", () => {
	const map = filled();
	map.set("c", 3);
	assert.equal(
		[...map],
		[
			["b", 2],
			["c", 3],
		],
	);
	assert.is(map.size, 2);
});

test("an entry that is set again is the newest one", () => {
	const map = filled();
	map.set("a", 4);
	map.set("c", 3);
	assert.equal([...map.values()], [4, 3]);
	assert.is(map.get("b"), undefined);
});

test("an entry that is updated keeps its age, and no entry is made for another key", () => {
	const map = filled();
	map.update("a", (value) => value + 10);
	map.update("c", () => 3);
	assert.equal(
		[...map],
		[
			["a", 11],
			["b", 2],
		],
	);
	map.set("d", 4);
	assert.is(map.get("a"), undefined);
});

test("a deleted entry makes room", () => {
	const map = filled();
	map.delete("a");
	map.set("c", 3);
	assert.equal([...map.values()], [2, 3]);
});

test.run();
