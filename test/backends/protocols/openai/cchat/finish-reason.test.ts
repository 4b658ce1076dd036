/** Finish reasons of servers, and errors in their place. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answer, sse } from "../../../../helpers/openai-server.ts";
import { failure } from "../../../../transport/http/fixture.ts";
import { chatEnvelope } from "../../../chat-envelope.ts";
import { chunk, completion, upstream, usageChunk } from "../upstream.ts";
import { CALLS, fails, HELLO, USAGE } from "./stream-cases.ts";

const REASONS: readonly (readonly [reason: unknown, alone: cchat.FinishReason, withCalls: cchat.FinishReason])[] = [
	[undefined, "stop", "tool_calls"],
	[null, "stop", "tool_calls"],
	["", "stop", "tool_calls"],
	["null", "stop", "tool_calls"],
	["STOP", "stop", "tool_calls"],
	["end_turn", "stop", "tool_calls"],
	["tool_calls", "other", "tool_calls"],
	["tool_use", "other", "tool_calls"],
	["function_call", "other", "tool_calls"],
	["MAX_TOKENS", "length", "length"],
	["model_length", "length", "length"],
	["safety", "content_filter", "content_filter"],
	["odd", "other", "other"],
];

for (const [reason, alone, withCalls] of REASONS) {
	test(`a whole answer with the finish reason ${JSON.stringify(reason)} ends with ${alone}, and with calls ${withCalls}`, () => {
		const whole = (message: object): object => ({
			choices: [{ index: 0, message, ...(reason === undefined ? {} : { finish_reason: reason }) }],
		});
		return upstream([answer.json(whole({ content: "a" })), answer.json(whole({ tool_calls: CALLS }))], async ({ chat, context }) => {
			assert.is((await chat.unary(chatEnvelope(), context)).finish_reason, alone);
			assert.is((await chat.unary(chatEnvelope(), context)).finish_reason, withCalls);
		});
	});
}

for (const reason of ["error", "network_error", "insufficient_system_resource", "abort"]) {
	const message = `the backend failed: the answer ended with finish_reason ${reason}`;
	test(`a whole answer with the finish reason ${reason} is a failure`, () =>
		upstream([answer.json(completion({ content: "Hel" }, { finish_reason: reason }))], async ({ chat, context }) => {
			const failed = await failure(chat.unary(chatEnvelope(), context));
			assert.is(failed.message, message);
			assert.is(failed.code, "backend_error");
		}));
	fails(`after its text when the finish reason is ${reason}`, answer.stream(sse([HELLO, chunk({}, reason), usageChunk(USAGE)])), message);
}

const CHOICE_ERROR = { error: { code: 429, message: "Rate limit exceeded" }, finish_reason: "error" };

test("an error in the choice of a whole answer is the failure that it describes", () =>
	upstream([answer.json({ choices: [{ index: 0, message: { content: "Hel" }, ...CHOICE_ERROR }] })], async ({ chat, context }) => {
		const { code, message } = await failure(chat.unary(chatEnvelope(), context));
		assert.equal({ code, message }, { code: "rate_limited", message: "the backend asks to slow down: Rate limit exceeded" });
	}));

fails(
	"with the error in its choice, after the text before it",
	answer.stream(sse([{ choices: [{ index: 0, delta: { content: "Hello." }, ...CHOICE_ERROR }] }])),
	"the backend asks to slow down: Rate limit exceeded",
);

test.run();
