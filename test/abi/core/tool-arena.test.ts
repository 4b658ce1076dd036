import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { EFAULT, ENOSPC } from "../../../generated/hostcall/core/errno.ts";
import { divideArena, resizeOutput } from "../../../src/abi/core/tool-arena.ts";

const test = suite("the arena of tools");

test("the input and its NUL come first, the output at the next multiple of 8, its length after it", () => {
	assert.equal(divideArena({ pointer: 1000, length: 64 }, 5, 1_000), { input: 1000, output: 1008, capacity: 48, outputLength: 1056 });
	assert.equal(divideArena({ pointer: 1000, length: 64 }, 7, 1_000), { input: 1000, output: 1008, capacity: 48, outputLength: 1056 });
	assert.equal(divideArena({ pointer: 1000, length: 64 }, 8, 1_000), { input: 1000, output: 1016, capacity: 40, outputLength: 1056 });
	assert.equal(divideArena({ pointer: 1003, length: 131_072 }, 0, 65_536), {
		input: 1003,
		output: 1011,
		capacity: 65_536,
		outputLength: 1011 + 65_536,
	});
	assert.equal(divideArena({ pointer: 8, length: 100 }, 0, 9), { input: 8, output: 16, capacity: 9, outputLength: 32 });
});

test("an arena that is none is a fault, and one without room for any output has no space", () => {
	for (const arena of [
		{ pointer: 0, length: 64 },
		{ pointer: -8, length: 64 },
		{ pointer: 8, length: 0 },
		{ pointer: 8, length: -1 },
		{ pointer: Number.NaN, length: 64 },
		{ pointer: 8, length: 0.5 },
	])
		assert.is(divideArena(arena, 0, 10), EFAULT);
	assert.is(divideArena({ pointer: 8, length: 16 }, 0, 10), ENOSPC);
	assert.is(divideArena({ pointer: 8, length: 1_000 }, 5_000, 10), ENOSPC);
	assert.is(divideArena({ pointer: 8, length: 1_000 }, 5, 0), ENOSPC);
	// 11 bytes of output, rounded up to 16, leave no room for the length in 27 bytes.
	assert.is(divideArena({ pointer: 8, length: 27 }, 0, 1_000), ENOSPC);
});

test("a larger output is placed while it fits, and while the host allows it", () => {
	const arena = { pointer: 1000, length: 64 };
	const places = { input: 1000, output: 1008, capacity: 8, outputLength: 1016 };
	assert.equal(resizeOutput(arena, places, 20, 40), { input: 1000, output: 1008, capacity: 20, outputLength: 1032 });
	assert.equal(resizeOutput(arena, places, 48, 48), { input: 1000, output: 1008, capacity: 48, outputLength: 1056 });
	assert.is(resizeOutput(arena, places, 49, 100), ENOSPC);
	assert.is(resizeOutput(arena, places, 20, 19), ENOSPC);
	assert.is(resizeOutput(arena, places, 2 ** 32 - 1, 2 ** 32), ENOSPC);
	assert.is(resizeOutput(arena, places, 0, 48), ENOSPC);
});

test("all places are inside the arena, in order and apart, whatever its size", () => {
	const size = fc.integer({ min: 1, max: 2_000 });
	fc.assert(
		fc.property(size, size, fc.nat(2_100), fc.nat(2_100), fc.nat(2_100), (pointer, length, inputBytes, max, wanted) => {
			const divided = divideArena({ pointer, length }, inputBytes, max);
			if (typeof divided === "number") return;
			const resized = resizeOutput({ pointer, length }, divided, wanted, max);
			for (const { input, output, capacity, outputLength } of typeof resized === "number" ? [divided] : [divided, resized]) {
				assert.is(input, pointer);
				assert.ok(output > input + inputBytes);
				assert.is((output - pointer) % 8, 0);
				assert.ok(capacity > 0 && capacity <= max);
				assert.ok(outputLength >= output + capacity);
				assert.ok(outputLength + 4 <= pointer + length);
			}
		}),
	);
});

test.run();
