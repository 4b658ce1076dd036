import assert from "node:assert/strict";
import { isTypedArray } from "node:util/types";

/** Asserts that two values are equal in every member. Bytes are equal whatever class holds them. */
export function same(actual: unknown, expected: unknown, what: string): void {
	try {
		assert.deepStrictEqual(plain(actual), plain(expected));
	} catch (thrown) {
		throw thrown instanceof Error ? Object.assign(thrown, { message: `${what}: ${thrown.message}` }) : thrown;
	}
}

/** Fails with a message unless the condition holds. */
export function ensure(condition: boolean, message: string): asserts condition {
	if (!condition) throw new assert.AssertionError({ message });
}

/** Returns a copy of data without the classes of its bytes and without prototypes. */
export function plain(value: unknown): unknown {
	if (value instanceof Float32Array) return { float32: [...value] };
	if (isTypedArray(value)) return { bytes: [...value] };
	if (Array.isArray(value)) return value.map(plain);
	if (typeof value !== "object" || value === null || value instanceof RegExp) return value;
	return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}
