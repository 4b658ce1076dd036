import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { chatAnswerFault } from "../../src/operations/chat-answer.ts";
import { checkedEvent, checkedResult } from "../../src/operations/checked-answer.ts";
import { chatResponse, message } from "../helpers/chat.ts";

const call = (id: string): cchat.ToolCall => ({ id, name: "add", arguments: "{}" });
const answerOf = (more: Partial<cchat.Message>): cchat.Response =>
	chatResponse("", { message: { ...message("assistant", "hi"), ...more } });
const TWICE = answerOf({ tool_calls: [call("a"), call("b"), call("a")] });

test("an answer is faultless when its message can stay in the conversation", () => {
	assert.is(chatAnswerFault(answerOf({})), undefined);
	assert.is(chatAnswerFault(answerOf({ content: [], tool_calls: [call("a"), call("b")] })), undefined);
	const content: cchat.ContentPart[] = [
		{ type: "reasoning", reasoning: { text: "hm" } },
		{ type: "text", text: "hi" },
		{ type: "refusal", refusal: "no" },
		{ type: "annotation", annotation: { url: "https://a.example" } },
	];
	assert.is(chatAnswerFault(answerOf({ content })), undefined);
});

test("an answer with two calls of one id is a fault of the request that allowed the tools", () => {
	assert.equal(chatAnswerFault(TWICE), {
		what: "message.tool_calls[2].id: another call of the answer has the same id",
		attribution: "request",
	});
});

for (const [what, more, fault] of [
	["another role", { role: "user" }, "message.role: an answer is an assistant message, not a user message"],
	[
		"a part of another role",
		{ content: [{ type: "image", image: { source: { type: "url", url: "https://a.example" } } }] },
		"message.content[0]: an assistant message cannot contain a part of type image",
	],
	["the id of a result", { tool_call_id: "a" }, "message: tool_call_id and is_error belong to tool messages"],
] as const) {
	test(`an answer with ${what} is a fault of the backend`, () => {
		const changed: Partial<cchat.Message> = JSON.parse(JSON.stringify(more));
		assert.equal(chatAnswerFault(answerOf(changed)), { what: fault, attribution: "backend" });
	});
}

test("the fault of an answer is a backend error that names the backend, whole or streamed", () => {
	const expected = "backend 'up' returned an invalid result of chat_completions: message.tool_calls[2].id: another call";
	assert.throws(() => checkedResult("chat_completions", TWICE, "up"), new RegExp(`^${RegExp.escape(expected)}`));
	assert.throws(
		() => checkedEvent("chat_completions", { type: "completed", completed: TWICE }, "up"),
		new RegExp(`^${RegExp.escape(expected)}`),
	);
});

test.run();
