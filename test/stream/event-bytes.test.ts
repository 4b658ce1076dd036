import { test } from "uvu";
import * as assert from "uvu/assert";
import { eventBytes, MIN_EVENT_BYTES } from "../../src/stream/event-bytes.ts";

test("the size of a text is its bytes in UTF-8, not its UTF-16 units", () => {
	assert.is(eventBytes({ type: "text", text: "a".repeat(100) }), 100);
	assert.is(eventBytes({ type: "text", text: "ä".repeat(100) }), 200);
	assert.is(eventBytes({ type: "text", text: "漢".repeat(100) }), 300);
	assert.is(eventBytes({ type: "text", text: "🦊".repeat(100) }), 400);
});

test("the size of an event is that of its binary data and its texts together", () => {
	assert.is(eventBytes({ type: "audio", audio: { audio: new Uint8Array(1_000), item_id: "item-1" } }), 1_006);
	assert.is(eventBytes({ type: "vectors", vectors: [new Float32Array(10), new Float32Array(10)] }), 80);
});

test("the size of a small event is the least size", () => {
	assert.is(eventBytes({ type: "text", text: "a" }), MIN_EVENT_BYTES);
	assert.is(eventBytes({}), MIN_EVENT_BYTES);
});

test("names, numbers and absent members have no size", () => {
	const text = "x".repeat(100);
	assert.is(eventBytes({ type: "segment", segment: { text, start_ms: 1, end_ms: 2, speaker: undefined } }), 100);
});

test("an event nested 100,000 levels deep is measured", () => {
	let event: object = { text: "y".repeat(100) };
	for (let depth = 0; depth < 100_000; depth++) event = { inner: [event] };
	assert.is(eventBytes(event), 100);
});

test.run();
