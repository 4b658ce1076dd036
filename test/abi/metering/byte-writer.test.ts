import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { ByteReader } from "../../../src/abi/binary/byte-reader.ts";
import { ByteWriter } from "../../../src/abi/metering/byte-writer.ts";

test("ranges of any length are copied behind each other", () => {
	const source = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
	const range = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 90, max: 500 })));
	fc.assert(
		fc.property(fc.array(range), (ranges) => {
			const out = new ByteWriter(1);
			const expected: number[] = [];
			for (const [from, length] of ranges) {
				out.copy(source, from, from + length);
				expected.push(...source.subarray(from, from + length));
			}
			assert.equal([...out.view()], expected);
		}),
	);
});

test("a section begins with its length, also when the buffer grows inside of it", () => {
	for (const length of [0, 1, 127, 128, 20_000]) {
		const out = new ByteWriter(1);
		out.u8(9);
		const start = out.begin();
		out.raw(new Uint8Array(length).fill(7));
		assert.is(out.end(start), length);
		out.u8(9);
		const reader = new ByteReader(out.view());
		assert.is(reader.u8(), 9);
		assert.equal(
			[...reader.window(reader.u32()).rest()],
			Array.from({ length }, () => 7),
		);
		assert.is(reader.u8(), 9);
		assert.ok(reader.done);
	}
});

test.run();
