import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { estimateCchatSize } from "../../src/normalize/cchat.ts";
import { chatRequest, message } from "../helpers/chat.ts";

/** Tokens of the markup around a message. */
const FRAME = 4;

function tokens(request: Partial<cchat.Request>): number | undefined {
	return estimateCchatSize(chatRequest(request)).input_tokens;
}

test("the size of a chat counts the text of all roles, and a frame for each message", () => {
	assert.is(tokens({ messages: [message("user", "x".repeat(400))] }), 100 + FRAME);
	assert.is(tokens({ messages: [message("system", "x".repeat(40)), message("user", "y".repeat(40))] }), 20 + 2 * FRAME);
	const reasoning: cchat.ContentPart = { type: "reasoning", reasoning: { text: "r".repeat(40) } };
	assert.is(
		tokens({ messages: [{ role: "assistant", content: [reasoning, { type: "refusal", refusal: "no no no" }], tool_calls: [] }] }),
		12 + FRAME,
	);
});

test("the size of a chat counts tools, tool calls and the response schema", () => {
	const before = tokens({}) ?? 0;
	const parameters = { type: "object", properties: { place: { type: "string", description: "d".repeat(400) } } };
	const tool = { name: "weather", description: "e".repeat(400), parameters };
	const more = (tokens({ tools: [tool] }) ?? 0) - before;
	assert.ok(more > 200 && more < 260, String(more));
	const call: cchat.ToolCall = { id: "c1", name: "weather", arguments: "a".repeat(400) };
	assert.is(tokens({ messages: [{ role: "assistant", content: [], tool_calls: [call] }] }), 100 + 2 + 2 * FRAME);
	const schema = { type: "json_schema" as const, json_schema: { name: "n", schema: { description: "s".repeat(400) } } };
	assert.ok((tokens({ response_format: schema }) ?? 0) - before > 100);
});

test("the size of a chat has output tokens when the request limits them", () => {
	assert.is(estimateCchatSize(chatRequest({ params: { stop: [], max_output_tokens: 500 } })).output_tokens, 500);
	assert.not.ok("output_tokens" in estimateCchatSize(chatRequest()));
});

test.run();
