/** Forms that servers give to the chunks of a stream, or to an answer in place of a stream. Nothing of an answer is lost. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { answer, sse } from "../../../../helpers/openai-server.ts";
import { chatEnvelope, collect } from "../../../chat-envelope.ts";
import { chunk, completion, upstream, usageChunk } from "../upstream.ts";
import { CALLS, completes, fails, HELLO, malformed, USAGE } from "./stream-cases.ts";

const JSON_TYPE = { "content-type": "application/json" };

/** Returns a choice with a message in place of a delta. */
function messageChunk(message: object, finish_reason: string | null = null, more: object = {}): object {
	return { ...chunk({}), choices: [{ index: 0, message, finish_reason }], ...more };
}

completes(
	"with chunks that have no choices",
	answer.stream(sse([{ choices: [] }, HELLO, usageChunk(USAGE), { choices: null }, {}, chunk({}, "stop")])),
);
completes(
	"when the last chunk has only a role",
	answer.stream(sse([HELLO, chunk({ role: "assistant" }), chunk({ role: "assistant" }, "stop")])),
);
completes(
	"when choices have no delta",
	answer.stream(sse([HELLO, { choices: [{ index: 0, finish_reason: "stop" }] }, { choices: [{ delta: null }] }])),
);
completes(
	"when the index of its choice is text or null",
	answer.stream(
		sse([
			{ choices: [{ index: "0", delta: { content: "Hel" } }] },
			{ choices: [{ index: null, delta: { content: "lo." }, finish_reason: "stop" }] },
		]),
	),
);
completes(
	"when the content of a delta is a list",
	answer.stream(
		sse([
			chunk(
				{
					content: [
						{ type: "text", text: "Hel" },
						{ type: "text", text: "lo." },
					],
				},
				"stop",
			),
		]),
	),
);
completes(
	"when the finish reason is finishReason",
	answer.stream(sse([HELLO, { choices: [{ index: 0, delta: {}, finish_reason: null, finishReason: "stop" }] }])),
);
completes(
	"when it tells its end twice",
	answer.stream(sse([HELLO, chunk({ tool_calls: CALLS }, "tool_calls"), { ...chunk({}, "tool_calls"), usage: USAGE }])),
	{ finish: "tool_calls", calls: 1 },
);
completes(
	"when text follows its finish reason",
	answer.stream(sse([chunk({ content: "Hel" }, "stop"), chunk({ content: "lo." }, "length")])),
	{ finish: "length" },
);
completes("and stays cut by length when another reason follows", answer.stream(sse([HELLO, chunk({}, "length"), chunk({}, "stop")])), {
	finish: "length",
});
completes("with the reason tool_use and calls", answer.stream(sse([chunk({ tool_calls: CALLS }, "tool_use")])), {
	text: "",
	finish: "tool_calls",
	calls: 1,
});

fails(
	"without a finish reason, even after its last event",
	answer.stream(sse([HELLO])),
	malformed("the stream ends without a finish_reason"),
	{ retryable: false },
);
fails(
	"when another choice comes than the one asked for",
	answer.stream(sse([HELLO, { choices: [{ index: 1, delta: { content: "Bye." } }] }])),
	malformed("choices holds another choice than the requested one"),
	{ retryable: false },
);
fails(
	"with an error that has no member error",
	answer.stream(sse([HELLO, { object: "error", message: "Out of memory", code: 500 }])),
	"the backend failed: Out of memory",
);

completes(
	"when its choices have texts, as in the older API for completions",
	answer.stream(
		sse([
			{ choices: [{ index: 0, text: "Hel", finish_reason: null }] },
			{ choices: [{ index: 0, text: "lo.", finish_reason: null }] },
			{ choices: [{ index: 0, text: "", finish_reason: "stop" }] },
		]),
	),
);

test("the text of a whole answer in the form of the older API for completions is read", () =>
	upstream([answer.json({ choices: [{ index: 0, text: "Hello.", finish_reason: "stop" }] })], async ({ chat, context }) => {
		assert.equal((await chat.unary(chatEnvelope(), context)).message.content, [{ type: "text", text: "Hello." }]);
	}));

// A message in place of deltas, or after them.
completes("when one chunk has a message", answer.stream(sse([messageChunk({ role: "assistant", content: "Hello." }, "stop")])));
completes(
	"when messages hold its fragments",
	answer.stream(sse([messageChunk({ content: "Hel" }), messageChunk({ content: "lo." }), messageChunk({}, "stop")])),
);
completes(
	"when each chunk has a delta and the message so far",
	answer.stream(
		sse([
			{ choices: [{ delta: { content: "Hel" }, message: { content: "Hel" } }] },
			{ choices: [{ delta: { content: "lo." }, message: { content: "Hello." }, finish_reason: "stop" }] },
		]),
	),
);
completes(
	"when it ends with the whole message",
	answer.stream(
		sse([chunk({ content: "Hel" }), chunk({ content: "lo." }), messageChunk({ content: " Hello.\n", tool_calls: CALLS }, "stop")]),
	),
	{ calls: 1, finish: "tool_calls" },
);
completes(
	"when its last message has the rest of its text",
	answer.stream(sse([chunk({ content: "Hel" }), messageChunk({ content: "Hello." }, "stop")])),
);
completes(
	"when its last message lacks the reasoning that came in the text",
	answer.stream(sse([chunk({ content: "<think>Hm</think>" }), HELLO, messageChunk({ content: "Hello." }, "stop")])),
	{ text: "<think>Hm</think>Hello." },
);
completes(
	"when its last message repeats the calls",
	answer.stream(sse([chunk({ tool_calls: CALLS }), messageChunk({ content: null, tool_calls: CALLS }, "tool_calls")])),
	{ text: "", finish: "tool_calls", calls: 1 },
);
fails(
	"when its last message differs from its text",
	answer.stream(sse([HELLO, messageChunk({ content: "Good bye." }, "stop")])),
	malformed("choices[0].message differs from the deltas before it"),
	{ retryable: false },
);

// A JSON body in place of a stream.
const WHOLE = completion({ content: "Hello.", tool_calls: CALLS }, { finish_reason: "tool_calls", usage: USAGE });
for (const [name, headers] of [
	["application/json", JSON_TYPE],
	["application/json with a charset", { "content-type": "application/json; charset=utf-8" }],
	["text/plain", { "content-type": "text/plain" }],
	["text/event-stream", { "content-type": "text/event-stream" }],
	["no type", {}],
] as const) {
	completes(`when its body is a JSON answer of ${name}`, answer.text(`\ufeff\n ${JSON.stringify(WHOLE, null, 2)}`, headers), {
		finish: "tool_calls",
		calls: 1,
	});
	fails(
		`when its body is a JSON error of ${name}`,
		answer.text('{"error":{"message":"No such model","code":"model_not_found"}}', headers),
		"the backend does not know the model or the operation: No such model",
		{ text: "", retryable: false },
	);
}
completes("when its JSON answer has no finish reason", answer.json(completion({ content: "Hello." }, { finish_reason: null })));
fails(
	"when its JSON answer is cut off",
	answer.text('{"choices":[{"message":{"content":"Hello."', JSON_TYPE),
	malformed("it is not JSON"),
	{ text: "", retryable: false },
);
fails(
	"when its body is a page",
	answer.text("<html>", { "content-type": "text/html" }),
	malformed("it is text/html instead of an event stream"),
	{ text: "", retryable: false },
);

test("a JSON answer to a stream request yields each of its parts, then the answer", () =>
	upstream(
		[answer.json(completion({ content: "Hello.", reasoning_content: "Hm.", refusal: "No.", tool_calls: CALLS }, { usage: USAGE }))],
		async ({ chat, context }) => {
			const events = await collect(chat.stream(chatEnvelope(), context));
			const usage = { input_tokens: 1, output_tokens: 2, total_tokens: 3 };
			assert.equal(events.slice(0, -1), [
				{ type: "reasoning", reasoning: "Hm." },
				{ type: "text", text: "Hello." },
				{ type: "refusal", refusal: "No." },
				{ type: "tool_call", tool_call: { index: 0, id: "c", name: "f", arguments: "{}" } },
				{ type: "usage", usage },
			]);
		},
	));

test("the choice that was asked for is read, wherever a whole answer has it", () =>
	upstream(
		[
			answer.json({
				choices: [
					{ index: 1, message: { content: "b" } },
					{ index: 0, message: { content: "a" } },
				],
			}),
		],
		async ({ chat, context }) => {
			assert.equal((await chat.unary(chatEnvelope(), context)).message.content, [{ type: "text", text: "a" }]);
		},
	));

test.run();
