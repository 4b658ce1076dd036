/** Odd streams. The conformance suite has the usual ones. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { IR_USAGE, messageStream, upstream, wire } from "../upstream.ts";

test("a cut within the last event is a cut", () => {
	const bytes = wire(messageStream([[{ type: "text", text: "x" }]]));
	return upstream([answer.stream(bytes.subarray(0, bytes.length - 6))], async ({ chat, context }) => {
		const error = await failure(collect(chat.stream(chatEnvelope(), context)));
		assert.is(error.message, "the backend's answer ended before it was complete");
		assert.equal(error.usage, IR_USAGE);
	});
});

test("events and deltas of unknown types are ignored", () => {
	const [start, ...rest] = messageStream([
		[
			{ type: "text", text: "" },
			{ type: "mood_delta", mood: "calm" },
			{ type: "text_delta", text: "Hi" },
		],
	]);
	if (start === undefined) throw new Error("no events");
	const events = [start, { type: "weather", data: { type: "message_stop" } }, ...rest];
	return upstream([answer.stream(wire(events))], async ({ chat, context }) => {
		const completed = (await collect(chat.stream(chatEnvelope(), context))).at(-1);
		assert.equal(completed?.type === "completed" ? completed.completed.message.content : completed, [{ type: "text", text: "Hi" }]);
	});
});

test("text that looks like the last event does not end a stream", () => {
	const text = '{"type":"message_stop"}';
	return upstream([answer.stream(wire(messageStream([[{ type: "text", text }]])))], async ({ chat, context }) => {
		assert.equal((await collect(chat.stream(chatEnvelope(), context)))[0], { type: "text", text });
	});
});

test("a stream in which an error is reported fails with that error and the usage so far", () => {
	const events = messageStream([[{ type: "text", text: "Hi" }]]).slice(0, 3);
	const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" }, request_id: "req_1" };
	return upstream([answer.stream(wire([...events, error]))], async ({ chat, context }) => {
		const thrown = await failure(collect(chat.stream(chatEnvelope(), context)));
		assert.is(thrown.message, "the backend is overloaded: Overloaded");
		assert.equal([thrown.code, thrown.retryable, thrown.attribution], ["backend_error", true, "capacity"]);
		assert.equal(thrown.usage, { input_tokens: 20, output_tokens: 1, cached_input_tokens: 3, cache_write_tokens: 5 });
	});
});

const MALFORMED: Readonly<Record<string, readonly [events: ReturnType<typeof messageStream>, message: string]>> = {
	"a delta of a block that has not begun": [
		[{ type: "content_block_delta", index: 4, delta: { type: "text_delta", text: "x" } }],
		"an event names a content block that has not begun or has ended",
	],
	"a block that begins twice": [
		[
			{ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
			{ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
		],
		"content block 0 begins twice",
	],
	"an end without a beginning": [[{ type: "message_stop" }], "the stream ends without message_start"],
	"an end without a reason": [messageStream([]).filter(({ type }) => type !== "message_delta"), "the stream ends without a stop_reason"],
	"a call without a name": [
		[{ type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "toolu_1", input: {} } }],
		"a tool call has no name",
	],
	"too many opaque blocks": [
		messageStream(Array.from({ length: 1001 }, () => [{ type: "x" }])),
		"it has more than 1000 blocks that only its provider understands",
	],
};

for (const [name, [events, message]] of Object.entries(MALFORMED)) {
	test(`${name} is malformed`, () =>
		upstream([answer.stream(wire(events))], async ({ chat, context }) => {
			const error = await failure(collect(chat.stream(chatEnvelope(), context)));
			assert.is(error.message, `the backend's answer is malformed: ${message}`);
		}));
}

test.run();
