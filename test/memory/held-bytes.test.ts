import { test } from "uvu";
import * as assert from "uvu/assert";
import { heldBytes } from "../../src/memory/held-bytes.ts";

test("values without memory of their own hold nothing", () => {
	for (const value of [undefined, null, true, 1, 1n]) assert.is(heldBytes(value), 0);
});

test("texts count two bytes a unit, binary data its length, and objects and lists a place for each member", () => {
	assert.is(heldBytes("abcd"), 16 + 8);
	assert.is(heldBytes(new Uint8Array(100)), 64 + 100);
	assert.is(heldBytes(new Float32Array(10)), 64 + 40);
	assert.is(heldBytes({ a: 1, b: "xy" }), 32 + 2 * 8 + 16 + 4);
	assert.is(heldBytes([1, 2, 3]), 32 + 3 * 8);
});

test("a view of a part counts its part", () => {
	assert.is(heldBytes(new Uint8Array(new ArrayBuffer(1_000), 0, 10)), 64 + 10);
});

test("many small objects count more than their contents, and depth is no limit", () => {
	assert.ok(heldBytes(Array.from({ length: 1_000 }, () => ({}))) >= 40_000);
	let deep: unknown = "end";
	for (let level = 0; level < 100_000; level += 1) deep = [deep];
	assert.ok(heldBytes(deep) >= 100_000 * 40);
});

test.run();
