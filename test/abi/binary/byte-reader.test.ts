import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ByteReader } from "../../../src/abi/binary/byte-reader.ts";
import { ByteWriter } from "../../../src/abi/metering/byte-writer.ts";

test("a number of 32 bits is read as it was written, with any length of its encoding", () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), fc.boolean(), (value, isLong) => {
			const bytes = Array.from({ length: 5 }, (_, index) => (Math.floor(value / 2 ** (7 * index)) % 128) | (index < 4 ? 0x80 : 0));
			const out = new ByteWriter();
			if (isLong) out.raw(bytes);
			else out.u32(value);
			const reader = new ByteReader(out.view());
			assert.is(reader.u32(), value);
			assert.ok(reader.done);
		}),
	);
});

for (const [what, bytes] of [
	["of 33 bits", [0xff, 0xff, 0xff, 0xff, 0x1f]],
	["of six bytes", [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]],
] as const) {
	test(`a number ${what} is refused`, () => {
		assert.throws(() => new ByteReader(Uint8Array.from(bytes)).u32(), "is longer than 32 bits");
	});
}

test("a number that is cut is refused at every length", () => {
	for (let length = 0; length < 5; length += 1)
		assert.throws(() => new ByteReader(new Uint8Array(length).fill(0x80)).u32(), `it ends too early, at byte ${length}`);
});

test("bytes beyond the end cannot be skipped", () => {
	const reader = new ByteReader(new Uint8Array(4));
	reader.skip(4);
	assert.ok(reader.done);
	assert.throws(() => reader.skip(1), "a section at byte 4 reaches past the end");
});

test.run();
