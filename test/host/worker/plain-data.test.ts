import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkPlainData } from "../../../src/host/worker/plain-data.ts";
import { Violation } from "../../../src/host/worker/violation.ts";

const MAX_BYTES = 1_000;
const MUCH = 1_000_000_000;

function refusal(value: unknown, maxBytes = MAX_BYTES): string {
	try {
		checkPlainData(value, maxBytes);
	} catch (thrown) {
		if (thrown instanceof Violation) return thrown.message;
		throw thrown;
	}
	return "none";
}

test("trees of plain data pass", () => {
	const value = { text: "a", list: [1, true, null, undefined, { bytes: Uint8Array.of(1) }], none: Object.fromEntries([["__proto__", 1]]) };
	assert.is(refusal(value), "none");
});

test("a cycle is refused, and does not loop", () => {
	const cycle: { next?: object } = {};
	cycle.next = { next: cycle };
	assert.match(refusal(structuredClone(cycle), MUCH), "nested deeper");
});

test("an object that is reached by 2^40 ways is refused within the budget of values", () => {
	let value: unknown = { leaf: 1 };
	for (let level = 0; level < 40; level += 1) value = [value, value];
	assert.match(refusal(structuredClone(value), MUCH), "more than 1000000 values");
});

test("a long list without items is refused before it is walked", () => {
	const sparse: unknown[] = [];
	sparse.length = 4_294_967_295;
	assert.match(refusal([sparse]), "more than 1000000 values");
});

test("memory that the worker can go on writing to is refused", () => {
	assert.is(refusal({ bytes: new Uint8Array(new SharedArrayBuffer(8)) }), "a message shares memory");
	assert.is(refusal(new SharedArrayBuffer(8)), "a message holds an object that is no plain data");
});

test("a view counts the whole buffer behind it", () => {
	assert.is(refusal(new Uint8Array(new ArrayBuffer(MAX_BYTES + 1), 0, 1)), "a message is larger than the memory of its guest");
});

test("texts and names of members count", () => {
	assert.is(refusal("x".repeat(MAX_BYTES)), "none");
	assert.is(refusal("x".repeat(MAX_BYTES + 1)), "a message is larger than the memory of its guest");
	assert.is(refusal({ ["x".repeat(MAX_BYTES + 1)]: 1 }), "a message is larger than the memory of its guest");
});

test("objects that are no plain data are refused", () => {
	for (const value of [
		new Map(),
		new Set(),
		new Date(),
		/x/,
		new Error("x"),
		new ArrayBuffer(1),
		Object.create(null),
		new (class Own {})(),
	]) {
		assert.is(refusal({ value }), "a message holds an object that is no plain data");
	}
	assert.is(refusal({ value: 1n }), "a message holds a bigint");
});

test.run();
