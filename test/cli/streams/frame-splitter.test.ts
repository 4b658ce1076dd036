import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { FrameSplitter } from "../../../src/cli/streams/frame-splitter.ts";
import { encodeFrame } from "../../../src/hostcall/core/user-stream/frame.ts";

test("frames are found in chunks of any size", () => {
	const frames = fc.array(
		fc.uint8Array({ maxLength: 50 }).map((data) => encodeFrame({ streamId: data.length, type: 2, data })),
		{ maxLength: 10 },
	);
	fc.assert(
		fc.property(frames, fc.integer({ min: 1, max: 200 }), (sent, size) => {
			const bytes = Buffer.concat(sent);
			const splitter = new FrameSplitter();
			const found: Buffer[] = [];
			for (let at = 0; at < bytes.byteLength; at += size) {
				for (const frame of splitter.add(bytes.subarray(at, at + size))) found.push(Buffer.from(frame));
			}
			splitter.end();
			assert.equal(
				found,
				sent.map((frame) => Buffer.from(frame)),
			);
		}),
	);
});

test("bytes that begin no frame, too large a frame and an end within a frame are refused", () => {
	const frame = Buffer.from(encodeFrame({ streamId: 1, type: 2, data: new Uint8Array(10) }));
	assert.throws(() => [...new FrameSplitter().add(new Uint8Array(32))], /its header is no header of a frame/);
	const splitter = new FrameSplitter();
	assert.equal([...splitter.add(frame.subarray(0, 40))], []);
	assert.throws(() => splitter.end(), /standard input ends within a frame/);
	frame.writeUInt32LE(262_144, 28);
	assert.throws(() => [...new FrameSplitter().add(frame)], /a frame of 262176 bytes, and at most 262144/);
});

test.run();
