import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FileBeginning } from "../../src/formats/file-beginning.ts";

test("the beginning holds every chunk, whatever their sizes", () => {
	fc.assert(
		fc.property(fc.array(fc.uint8Array({ maxLength: 3000 }), { maxLength: 10 }), (chunks) => {
			const beginning = new FileBeginning();
			for (const chunk of chunks) beginning.add(chunk);
			assert.ok(beginning.bytes.equals(Buffer.concat(chunks)));
		}),
	);
});

test("parsing is due at the first byte, and each time the size has doubled", () => {
	const beginning = new FileBeginning();
	assert.is(beginning.add(new Uint8Array()), false);
	const due: number[] = [];
	for (let size = 1; size <= 40; size++) if (beginning.add(Uint8Array.of(size))) due.push(size);
	assert.equal(due, [1, 2, 4, 8, 16, 32]);
	assert.is(beginning.add(new Uint8Array(100)), true);
	assert.is(beginning.add(new Uint8Array(100)), false);
});

test.run();
