import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../generated/ir/cchat.ts";
import { estimateCchatSize } from "../../src/normalize/cchat.ts";
import { chatRequest, message } from "../helpers/chat.ts";

const FRAME = 4;

function tokens(request: Partial<cchat.Request>): number | undefined {
	return estimateCchatSize(chatRequest(request)).input_tokens;
}

test("all that is said counts, whoever says it, and a little for each message", () => {
	assert.is(tokens({ messages: [message("user", "x".repeat(400))] }), 100 + FRAME);
	assert.is(tokens({ messages: [message("system", "x".repeat(40)), message("user", "y".repeat(40))] }), 20 + 2 * FRAME);
	const reasoning: cchat.ContentPart = { type: "reasoning", reasoning: { text: "r".repeat(40) } };
	assert.is(
		tokens({ messages: [{ role: "assistant", content: [reasoning, { type: "refusal", refusal: "no no no" }], tool_calls: [] }] }),
		12 + FRAME,
	);
});

test("tools count, and so does what is said to and by them", () => {
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

test("the answer is bounded when the request bounds it", () => {
	assert.is(estimateCchatSize(chatRequest({ params: { stop: [], max_output_tokens: 500 } })).output_tokens, 500);
	assert.not.ok("output_tokens" in estimateCchatSize(chatRequest()));
});

test.run();
