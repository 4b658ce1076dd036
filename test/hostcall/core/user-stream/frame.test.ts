import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import {
	checkFrame,
	decodeFrame,
	encodeFrame,
	FrameType,
	frameLength,
	MAX_FRAME_BYTES,
	streamOf,
} from "../../../../src/hostcall/core/user-stream/frame.ts";

/** Frames of user streams, byte by byte. */

const refusal = (action: () => unknown): SpearError => {
	try {
		action();
	} catch (thrown) {
		if (thrown instanceof SpearError) return thrown;
		throw thrown;
	}
	throw new Error("nothing was refused");
};

test("a frame has the layout of version 1", () => {
	const frame = encodeFrame({
		streamId: 0x0102_0304,
		type: FrameType.commit,
		sequence: 0x1112_1314_1516_1718n,
		meta: { a: 1 },
		data: Buffer.from("xyz"),
	});
	assert.is(
		Buffer.from(frame).toString("hex"),
		[
			"53505354", // SPST
			"0100", // version
			"2000", // header length
			"0300", // type
			"0000", // flags
			"04030201", // stream
			"1817161514131211", // sequence
			"07000000", // length of the JSON
			"03000000", // length of the data
			"7b2261223a317d", // {"a":1}
			"78797a", // xyz
		].join(""),
	);
});

test("any frame is decoded to what was encoded", () => {
	const frame = fc.record(
		{
			streamId: fc.integer({ min: 0, max: 0x7fff_ffff }),
			type: fc.integer({ min: 0, max: 0xffff }),
			sequence: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
			meta: fc.jsonValue(),
			data: fc.uint8Array(),
		},
		{ requiredKeys: ["streamId", "type"] },
	);
	fc.assert(
		fc.property(frame, ({ streamId, type, sequence, meta, data }) => {
			const bytes = encodeFrame({
				streamId,
				type,
				...(sequence === undefined ? {} : { sequence }),
				...(meta === undefined ? {} : { meta: JSON.parse(JSON.stringify(meta)) }),
				...(data === undefined ? {} : { data }),
			});
			assert.is(streamOf(bytes), streamId);
			assert.is(checkFrame(bytes), streamId);
			assert.is(frameLength(bytes), bytes.byteLength);
			const decoded = decodeFrame(bytes);
			assert.is(decoded.type, type);
			assert.is(decoded.sequence, sequence ?? 0n);
			assert.equal(decoded.meta, meta === undefined ? undefined : JSON.parse(JSON.stringify(meta)));
			assert.equal(Buffer.from(decoded.data), Buffer.from(data ?? []));
		}),
	);
});

test("a longer header is skipped", () => {
	const plain = Buffer.from(encodeFrame({ streamId: 3, type: 2, meta: [true], data: Buffer.from("abc") }));
	const longer = Buffer.concat([plain.subarray(0, 32), Buffer.from("more"), plain.subarray(32)]);
	longer.writeUInt16LE(36, 6);
	assert.is(streamOf(longer), 3);
	const { meta, data } = decodeFrame(longer);
	assert.equal([meta, Buffer.from(data).toString()], [[true], "abc"]);
});

test("bytes that are no frame are found by their header and lengths", () => {
	const good = Buffer.from(encodeFrame({ streamId: 1, type: 2, data: Buffer.from("abc") }));
	const changed = (change: (bytes: Buffer) => void): Buffer => {
		const bytes = Buffer.from(good);
		change(bytes);
		return bytes;
	};
	const bad = [
		Buffer.alloc(0),
		good.subarray(0, 31),
		good.subarray(0, -1),
		Buffer.concat([good, Buffer.alloc(1)]),
		changed((bytes) => bytes.write("SPSX", 0)),
		changed((bytes) => bytes.writeUInt16LE(2, 4)),
		changed((bytes) => bytes.writeUInt16LE(31, 6)),
		changed((bytes) => bytes.writeUInt16LE(33, 6)),
		changed((bytes) => bytes.writeUInt32LE(0xffff_ffff, 24)),
		changed((bytes) => bytes.writeUInt32LE(0xffff_ffff, 28)),
	];
	for (const bytes of bad) {
		assert.is(streamOf(bytes), undefined, bytes.toString("hex"));
		assert.is(refusal(() => checkFrame(bytes)).code, "invalid_request");
		assert.is(refusal(() => decodeFrame(bytes)).code, "invalid_request");
	}
});

test("no bytes of a guest do more than be refused", () => {
	const header = fc.uint8Array({ maxLength: 80 }).map((bytes) => {
		const frame = Buffer.from(bytes);
		if (frame.byteLength >= 6) frame.set(Buffer.from("535053540100000020", "hex").subarray(0, 6));
		return frame;
	});
	fc.assert(
		fc.property(header, (bytes) => {
			const stream = streamOf(bytes);
			if (stream === undefined) assert.is(refusal(() => decodeFrame(bytes)).code, "invalid_request");
		}),
		{ numRuns: 2_000 },
	);
});

test("numbers outside their range, frames that are too large and descriptions that are no JSON are refused", () => {
	const bad = [
		{ streamId: -1, type: 2 },
		{ streamId: 2 ** 31, type: 2 },
		{ streamId: 1.5, type: 2 },
		{ streamId: 1, type: 65_536 },
		{ streamId: 1, type: 2, sequence: 2n ** 64n },
		{ streamId: 1, type: 2, data: new Uint8Array(MAX_FRAME_BYTES - 31) },
	];
	for (const frame of bad) assert.is(refusal(() => encodeFrame(frame)).code, "invalid_request");
	assert.is(encodeFrame({ streamId: 1, type: 2, data: new Uint8Array(MAX_FRAME_BYTES - 32) }).byteLength, MAX_FRAME_BYTES);
	const frame = encodeFrame({ streamId: 1, type: 1, meta: {} });
	frame.set(Buffer.from("{,"), 32);
	assert.match(refusal(() => decodeFrame(frame)).message, /its description is not JSON/);
});

test("the length of a frame is known from its header on, and no other bytes begin a frame", () => {
	const frame = encodeFrame({ streamId: 1, type: 1, meta: {}, data: new Uint8Array(100) });
	assert.is(frameLength(frame.subarray(0, 31)), undefined);
	assert.is(frameLength(frame.subarray(0, 32)), frame.byteLength);
	assert.is(refusal(() => frameLength(new Uint8Array(32))).code, "invalid_request");
});

test.run();
