import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { type ChatStreamDialect, chatStream, type StreamedChat } from "../../../../src/backends/kit/http/chat-stream.ts";
import { VendorErrors } from "../../../../src/backends/kit/http/vendor-errors.ts";
import type { StreamedEvent } from "../../../../src/transport/http/answer.ts";
import { exchangeOf } from "../../../../src/transport/http/exchange.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { collect } from "../../chat-envelope.ts";

const exchange = exchangeOf("POST", new URL("http://127.0.0.1/chat"), {});
const USAGE = { input_tokens: 1 };

const response = (text: string): cchat.Response => ({
	model: "m",
	message: { role: "assistant", content: [{ type: "text", text }], tool_calls: [] },
	finish_reason: "stop",
});

/** A protocol whose events are `{ text }` and, at the end, `{ end: true }`. Without `end`, the body may end after the text "whole". */
const dialect: ChatStreamDialect = {
	errors: new VendorErrors({
		rows: [{ mark: "busy", means: "overloaded" }],
		reported: (value) => Reflect.get(Object(value), "error"),
		read: (value) => ({ marks: [String(Reflect.get(Object(value), "type"))] }),
	}),
	last: "end",
	begin(): StreamedChat {
		let text = "";
		return {
			usage: USAGE,
			get isWhole() {
				return text === "whole";
			},
			*add(value) {
				if (value.end === true) return true;
				text += String(value.text);
				yield { type: "text", text: String(value.text) };
				return false;
			},
			*complete() {
				yield { type: "completed", completed: response(text) };
			},
		};
	},
	parse: ({ text }) => response(text),
};

function read(...events: readonly Partial<StreamedEvent>[]): Promise<cchat.Event[]> {
	async function* source(): AsyncGenerator<StreamedEvent, void, void> {
		for (const event of events) yield { data: "", exchange, ...event };
	}
	return collect(chatStream(async () => ({ source: source(), dialect })));
}

const text = (value: string): { data: string } => ({ data: JSON.stringify({ text: value }) });
const END = { data: '{"end":true}' };
const COMPLETED: cchat.Event = { type: "completed", completed: response("ab") };

test("events lead to one completed answer, and heartbeats are ignored", async () => {
	assert.equal(await read(text("a"), { data: " " }, text("b"), END, text("late")), [
		{ type: "text", text: "a" },
		{ type: "text", text: "b" },
		COMPLETED,
	]);
});

test("a body may end where the answer is whole, with or without [DONE]", async () => {
	const whole = [
		{ type: "text", text: "whole" },
		{ type: "completed", completed: response("whole") },
	] as const;
	assert.equal(await read(text("whole")), whole);
	assert.equal(await read(text("whole"), { data: "[DONE]" }), whole);
});

test("a stream that ends early is a retryable failure with the usage so far, and so is one without any event", async () => {
	for (const events of [[text("a")], [text("a"), { data: "[DONE]" }], [text("a"), { data: '{"te', isTorn: true }]]) {
		const error = await failure(read(...events));
		assert.equal([error.code, error.retryable, error.usage], ["backend_error", true, USAGE]);
		assert.is(error.message, "the backend's answer ended before it was complete");
	}
	const error = await failure(read());
	assert.equal([error.code, error.retryable, error.message], ["backend_error", true, "the backend's answer is empty"]);
});

test("an event that reports an error fails with its meaning, as JSON and as text", async () => {
	const busy = await failure(read(text("a"), { data: '{"error":{"type":"busy","message":"Later."}}' }));
	assert.equal([busy.message, busy.attribution, busy.usage], ["the backend is overloaded: Later.", "capacity", USAGE]);
	assert.match((await failure(read({ data: "Broken.", event: "error" }))).message, /Broken\./);
});

test("an event that is no object is malformed", async () => {
	assert.match((await failure(read({ data: "7" }))).message, /malformed: an event of the stream is not an object/);
	assert.match((await failure(read({ data: "{" }, END))).message, /malformed: an event of the stream is not JSON/);
});

test("a whole answer in place of a stream becomes the same events", async () => {
	assert.equal(await read({ data: "{}", isBody: true }), [
		{ type: "text", text: "{}" },
		{ type: "completed", completed: response("{}") },
	]);
});

test.run();
