import { crc32 } from "node:zlib";
import { EventStreamCodec } from "@smithy/core/event-streams";
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AwsEventStreamDecoder } from "../../../src/transport/http/aws-event-stream.ts";
import { assertLinear } from "../../helpers/growth.ts";
import { usedAfterGc } from "../../helpers/memory.ts";
import { answer, cut } from "../../helpers/openai-server.ts";
import { eventFrame, exceptionFrame, FRAMES, frame, readByCodec } from "./aws-frames.ts";
import { against, failure, post } from "./fixture.ts";

const STREAM = Buffer.concat([
	eventFrame("messageStart", { role: "assistant" }),
	exceptionFrame("throttlingException", { message: "größe 😀" }),
	frame({ ":message-type": "error", ":error-code": "InternalFailure", ":error-message": "Oh" }, ""),
	frame({}, ""),
]);
const EVENTS = [
	{ event: "messageStart", data: '{"role":"assistant"}' },
	{ event: "error", data: '{"message":"größe 😀","__type":"throttlingException"}' },
	{ event: "error", data: '{"message":"Oh","__type":"InternalFailure"}' },
	{ event: "", data: "" },
];

/** Returns a frame whose beginning holds these numbers, with valid checksums. */
function forged(length: number, headersLength: number, rest: Buffer = Buffer.alloc(0)): Buffer {
	const prelude = Buffer.alloc(12);
	prelude.writeUInt32BE(length, 0);
	prelude.writeUInt32BE(headersLength, 4);
	prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
	const checksum = Buffer.alloc(4);
	checksum.writeUInt32BE(crc32(Buffer.concat([prelude, rest])));
	return Buffer.concat([prelude, rest, checksum]);
}

test("frames decode to the same events however their bytes are cut", () => {
	fc.assert(
		fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (offsets) => {
			const decoder = new AwsEventStreamDecoder(1000);
			const events = cut(STREAM, offsets).flatMap((piece) => decoder.push(piece));
			assert.equal([...events, ...decoder.end()], EVENTS);
		}),
	);
});

test("any headers and payload are read as Amazon's codec reads them", () => {
	const codec = new EventStreamCodec(
		(bytes) => Buffer.from(bytes).toString(),
		(text) => Buffer.from(text),
	);
	const others = fc.constantFrom(
		{ type: "boolean" as const, value: true },
		{ type: "boolean" as const, value: false },
		{ type: "byte" as const, value: -3 },
		{ type: "short" as const, value: 300 },
		{ type: "integer" as const, value: 70_000 },
		{ type: "timestamp" as const, value: new Date(1_700_000_000_000) },
		{ type: "uuid" as const, value: "01234567-89ab-cdef-0123-456789abcdef" },
		{ type: "binary" as const, value: Uint8Array.of(1, 2, 3) },
	);
	fc.assert(
		fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), fc.array(others), (name, payload, values) => {
			const headers = Object.fromEntries(values.map((value, index) => [`x${index}`, value]));
			const bytes = Buffer.from(
				codec.encode({ headers: { ...headers, ":event-type": { type: "string", value: name } }, body: Buffer.from(payload) }),
			);
			const read = readByCodec(bytes);
			assert.equal(new AwsEventStreamDecoder(10_000).push(bytes), [{ event: read.headers[":event-type"], data: read.body }]);
		}),
	);
});

test("an exception whose payload is no object is described by it", () => {
	const [event] = new AwsEventStreamDecoder(1000).push(exceptionFrame("x", "[1]"));
	assert.equal(event, { event: "error", data: '{"message":"[1]","__type":"x"}' });
});

test("a frame that is cut off is torn", () => {
	const decoder = new AwsEventStreamDecoder(1000);
	assert.is(decoder.push(STREAM.subarray(0, STREAM.length - 1)).length, 3);
	assert.equal(decoder.end(), [{ data: "" }]);
});

const WRONG: Readonly<Record<string, readonly [bytes: Buffer, message: string]>> = {
	"text in place of frames": [Buffer.from("data: not a frame\n\n"), "the beginning of a frame fails its checksum"],
	"a frame above the size limit": [forged(1001, 0), "a frame is longer than 1000 bytes"],
	"a frame that claims four gigabytes": [forged(0xffff_ffff, 0), "a frame is longer than 1000 bytes"],
	"a frame without room for its checksum": [forged(15, 0), "a frame is shorter than its headers"],
	"headers longer than their frame": [forged(20, 5, Buffer.alloc(4)), "a frame is shorter than its headers"],
	"a header name that ends after the headers": [forged(18, 2, Buffer.from([9, 0x61])), "a header ends after its frame's headers"],
	"a header value that ends after the headers": [forged(21, 5, Buffer.from([1, 0x61, 7, 0, 9])), "a header ends after its frame's headers"],
	"a header of an unknown type": [forged(19, 3, Buffer.from([1, 0x61, 10])), "a header has the unknown type 10"],
	"a payload that is not UTF-8": [forged(17, 0, Buffer.from([0xff])), "the payload of a frame is not UTF-8"],
};

for (const [name, [bytes, message]] of Object.entries(WRONG)) {
	test(`${name} is refused`, () => {
		assert.throws(() => new AwsEventStreamDecoder(1000).push(bytes), message);
	});
}

test("a changed byte fails a checksum or makes the frame too long", () => {
	const bytes = eventFrame("messageStart", { role: "assistant" });
	for (let at = 0; at < bytes.length; at++) {
		const changed = Buffer.from(bytes);
		changed[at] = (changed[at] ?? 0) ^ 0x01;
		assert.throws(() => new AwsEventStreamDecoder(1000).push(changed), /checksum/, `byte ${at}`);
	}
});

test("a large frame in chunks of a byte has a cost that grows linearly", () =>
	assertLinear({
		name: "frame",
		make: (size) => eventFrame("x", "y".repeat(size)),
		run: (bytes: Buffer) => {
			const decoder = new AwsEventStreamDecoder(bytes.length);
			for (let at = 0; at < bytes.length; at++) decoder.push(bytes.subarray(at, at + 1));
			return decoder.end();
		},
	}));

test("many frames in one chunk have a cost that grows linearly", () =>
	assertLinear({
		name: "frames",
		make: (size) => Buffer.concat(Array.from({ length: size }, () => eventFrame("x", {}))),
		run: (bytes: Buffer) => new AwsEventStreamDecoder(1000).push(bytes),
	}));

test("the client reads frames, and a whole JSON answer in their place", () =>
	against([answer.stream(STREAM, FRAMES), answer.json({ a: 1 })], async (client, server) => {
		const events = await Array.fromAsync(client.openStream(post(), undefined, { format: "aws_frames", orJson: true }));
		assert.equal(
			events.map(({ exchange: _, ...event }) => event),
			EVENTS,
		);
		const [whole] = await Array.fromAsync(client.openStream(post(), undefined, { format: "aws_frames", orJson: true }));
		assert.equal([whole?.data, whole?.isBody], ['{"a":1}', true]);
		assert.is(server.requests[0]?.headers.accept, "application/vnd.amazon.eventstream, application/json");
	}));

test("the client marks the event within which a body of frames ends", () =>
	against([answer.stream(STREAM.subarray(0, 40), FRAMES)], async (client) => {
		const [torn] = await Array.fromAsync(client.openStream(post(), undefined, { format: "aws_frames" }));
		assert.equal([torn?.data, torn?.isTorn], ["", true]);
	}));

test("an answer of another media type is refused in place of frames", () =>
	against([answer.stream(Buffer.from("data: x\n\n"))], async (client) => {
		const error = await failure(Array.fromAsync(client.openStream(post(), undefined, { format: "aws_frames" })));
		assert.match(error.message, /it is text\/event-stream; charset=utf-8 instead of Amazon's event stream$/);
	}));

test("a frame that arrives byte by byte keeps no chunk, so memory is bounded by its bytes", async () => {
	const decoder = new AwsEventStreamDecoder(1_000_000);
	decoder.push(forged(1_000_000, 0).subarray(0, 12));
	const kept = Array.from({ length: 2000 }, (_, count) => {
		// A chunk is a view of all that its socket received at once.
		const received = new ArrayBuffer(4096);
		decoder.push(Buffer.from(received, count, 1));
		return new WeakRef(received);
	});
	await new Promise(setImmediate); // Within a turn, a new WeakRef keeps its object.
	usedAfterGc("heapUsed");
	assert.ok(kept.filter((reference) => reference.deref() !== undefined).length < 20);
	assert.is(decoder.end().length, 1);
});

test.run();
