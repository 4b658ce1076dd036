import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { refusalOf, requestOf, requestText } from "./request-of.ts";
import { OWN } from "./stream-cases.ts";

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const image = (mime_type: string): cchat.ContentPart => ({
	type: "image",
	image: { source: { type: "inline", inline: { data: PNG, mime_type } }, detail: "high" },
});
const calls = (...tool_calls: cchat.ToolCall[]): cchat.Message => ({ role: "assistant", content: [], tool_calls });
const messagesOf = (messages: cchat.Message[], options = {}) => requestOf({ messages }, options).messages;
const refused = (...messages: cchat.Message[]) => refusalOf({ messages });

test("texts of a message are lines, and images are base64 beside them", () => {
	const message = parts("user", { type: "text", text: "What is" }, image("image/png"), { type: "text", text: "this?" });
	assert.equal(messagesOf([say("system", "Be brief.", { name: "ops" }), message]), [
		{ role: "system", content: "Be brief." },
		{ role: "user", content: "What is\nthis?", images: ["iVBORw=="] },
	]);
});

test("results name their tool and their call, also of parallel calls of one tool", () => {
	const messages = [
		say("user", "Weather?"),
		calls({ id: "a", name: "weather", arguments: '{"city":"Oslo"}' }, { id: "b", name: "weather", arguments: "" }),
		say("tool", "rain", { tool_call_id: "b", is_error: true }),
		say("tool", "sun", { tool_call_id: "a" }),
	];
	assert.equal(messagesOf(messages), [
		{ role: "user", content: "Weather?" },
		{
			role: "assistant",
			content: "",
			tool_calls: [
				{ id: "a", function: { name: "weather", arguments: { city: "Oslo" } } },
				{ id: "b", function: { name: "weather", arguments: {} } },
			],
		},
		{ role: "tool", content: "rain", tool_name: "weather", tool_call_id: "b" },
		{ role: "tool", content: "sun", tool_name: "weather", tool_call_id: "a" },
	]);
});

test("arguments are sent as they are written, and text that is no object within one", () => {
	const text = requestText({
		messages: [say("user", "Q"), calls({ id: "a", name: "f", arguments: '{"n": 1.00, "big":12345678901234567890}' })],
	});
	assert.ok(text.includes('"arguments":{"n": 1.00, "big":12345678901234567890}'));
	assert.ok(requestText({ messages: [calls({ id: "a", name: "f", arguments: "[1" })] }).includes('{"invalid_arguments":"[1"}'));
});

test("reasoning goes back to the provider that sent it, unless the operator refuses", () => {
	const sealed = { provider: "claude", kind: "thinking", data: Uint8Array.of(1) };
	const turn: cchat.Message = {
		role: "assistant",
		content: [
			{ type: "reasoning", reasoning: { text: "Hm.", sealed: OWN } },
			{ type: "reasoning", reasoning: { text: "Another provider's.", sealed } },
			{ type: "reasoning", reasoning: { text: "Unknown." } },
			{ type: "text", text: "A" },
			{ type: "refusal", refusal: "B" },
			{ type: "annotation", annotation: { url: "https://example.com" } },
			{ type: "opaque", opaque: sealed },
		],
		tool_calls: [],
	};
	assert.equal(messagesOf([turn]), [{ role: "assistant", content: "AB", thinking: "Hm." }]);
	assert.equal(messagesOf([turn], { send_reasoning: false }), [{ role: "assistant", content: "AB" }]);
	const thought = parts("assistant", { type: "reasoning", reasoning: { text: "Hm.", sealed: OWN } });
	assert.equal(messagesOf([thought]), [{ role: "assistant", content: "", thinking: "Hm." }]);
	assert.equal(messagesOf([say("user", "Q"), thought], { provider: "other" }), [{ role: "user", content: "Q" }]);
	assert.equal(messagesOf([say("user", "Q"), thought], { send_reasoning: false }), [{ role: "user", content: "Q" }]);
});

test("content that the upstream cannot receive is refused by its place", () => {
	const inline = { type: "inline", inline: { data: PNG, mime_type: "audio/wav" } } as const;
	assert.is(
		refused(parts("user", { type: "audio", audio: { source: inline } })),
		"missing_capabilities: messages[0].content[0]: this backend does not accept audio",
	);
	assert.is(
		refused(parts("user", { type: "file", file: { source: inline } })),
		"missing_capabilities: messages[0].content[0]: this backend does not accept files",
	);
	assert.is(
		refused(parts("user", image("text/plain"))),
		'invalid_request: messages[0].content[0].image.source: its media type is "text/plain", which is not the type of an image',
	);
	assert.is(refused(parts("user")), "invalid_request: messages[0].content: it is empty");
	assert.is(
		refused(parts("system", image("image/png"))),
		"invalid_request: messages[0].content[0]: this backend accepts only text in a system message, not image",
	);
	assert.is(
		refused(parts("assistant", image("image/png"))),
		"invalid_request: messages[0].content[0]: an assistant message cannot have a part of type image",
	);
	assert.is(
		refused(parts("user", { type: "refusal", refusal: "No." })),
		"invalid_request: messages[0].content[0]: a user message cannot have a part of type refusal",
	);
	assert.is(refused(say("tool", "x")), "invalid_request: messages[0].tool_call_id: a tool message must name the tool call that it answers");
	assert.is(
		refused(say("tool", "x", { tool_call_id: "a" })),
		"invalid_request: messages[0].tool_call_id: no tool call before it has this id",
	);
	assert.is(refused(say("user", "x", { is_error: true })), "invalid_request: messages[0].is_error: a user message cannot have it");
	assert.match(refused(parts("assistant")), /^missing_capabilities: messages: they hold nothing/);
});

test.run();
