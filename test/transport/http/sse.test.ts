import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EventStreamDecoder } from "../../../src/transport/http/sse.ts";
import { cut } from "../../helpers/openai-server.ts";

const STREAM = Buffer.from('\ufeff: comment\r\ndata: größe 😀\r\n\r\nevent: error\ndata: {"a":\ndata: 1}\n\nretry: 10\ndata: last');
const EVENTS = [{ data: "größe 😀" }, { event: "error", data: '{"a":\n1}' }, { data: "last" }];

test("an event stream decodes to the same events however its bytes are cut", () => {
	fc.assert(
		fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (offsets) => {
			const decoder = new EventStreamDecoder(1000);
			const events = cut(STREAM, offsets).flatMap((piece) => decoder.push(piece));
			assert.equal([...events, ...decoder.end()], EVENTS);
		}),
	);
});

test("an event above the size limit is refused, in one chunk or in several", () => {
	const long = Buffer.from(`data: ${"x".repeat(200)}\n\n`);
	assert.throws(() => new EventStreamDecoder(100).push(long), "an event is longer than 100 characters");
	const decoder = new EventStreamDecoder(100);
	assert.throws(() => cut(long, [30, 60, 90, 120, 150]).map((piece) => decoder.push(piece)), "an event is longer than 100 characters");
});

test("an event stream that is not UTF-8 or ends within a character is refused", () => {
	assert.throws(() => new EventStreamDecoder(100).push(Buffer.from([0x64, 0xff])), "the event stream is not UTF-8");
	const decoder = new EventStreamDecoder(100);
	decoder.push(Buffer.from([0xc3]));
	assert.throws(() => decoder.end(), "the stream ends within a character");
});

test.run();
