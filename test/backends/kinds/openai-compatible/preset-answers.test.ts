/** Answers that servers with a preset were seen to send. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { answer, sse } from "../../../helpers/openai-server.ts";
import { failure } from "../../../transport/http/fixture.ts";
import { chatEnvelope, collect } from "../../chat-envelope.ts";
import { chunk, completion, upstream } from "../../protocols/openai/upstream.ts";

const withPreset = (preset: string) => ({ options: { preset } });
const call = (id: string) => ({ index: 0, id, type: "function", function: { name: "weather", arguments: "{}" } });

/** Returns the completed answer of a stream. */
async function completed(events: AsyncIterable<cchat.Event>): Promise<cchat.Response> {
	const last = (await collect(events)).at(-1);
	if (last?.type !== "completed") throw new Error("the stream did not complete");
	return last.completed;
}

// https://github.com/damianvtran/local-operator/pull/223
test("openrouter: an error within a stream is that error, although the chunk looks like an answer", () => {
	const failed = {
		...chunk({ content: "" }, "error"),
		error: { code: 502, message: "Provider disconnected", metadata: { error_type: "provider_unavailable" } },
	};
	const bytes = Buffer.concat([Buffer.from(": OPENROUTER PROCESSING\n\n"), sse([chunk({ content: "Hi" }), failed], { done: false })]);
	return upstream(
		[answer.stream(bytes)],
		async ({ chat, context }) => {
			const received: cchat.Event[] = [];
			const error = await failure(
				(async () => {
					for await (const event of chat.stream(chatEnvelope(), context)) received.push(event);
				})(),
			);
			assert.equal(received, [{ type: "text", text: "Hi" }]);
			assert.match(error.message, /Provider disconnected/);
			assert.equal([error.code, error.retryable], ["backend_error", true]);
		},
		withPreset("openrouter"),
	);
});

// https://github.com/vllm-project/vllm/issues/53255
test("vllm: an answer that says tool_calls and has none is no call of tools", () =>
	upstream(
		[answer.json(completion({ content: "Hello.", tool_calls: [] }, { finish_reason: "tool_calls" }))],
		async ({ chat, context }) => {
			const { finish_reason, message } = await chat.unary(chatEnvelope(), context);
			assert.equal(message.tool_calls, []);
			assert.is.not(finish_reason, "tool_calls");
		},
		withPreset("vllm"),
	));

// https://github.com/vllm-project/vllm/pull/25054
test("vllm: a forced call has the finish reason stop, and is a call all the same", () =>
	upstream(
		[
			answer.json(completion({ tool_calls: [call("chatcmpl-tool-1")] }, { finish_reason: "stop" })),
			answer.stream(sse([chunk({ tool_calls: [call("chatcmpl-tool-1")] }), chunk({}, "stop")])),
		],
		async ({ chat, context }) => {
			for (const response of [await chat.unary(chatEnvelope(), context), await completed(chat.stream(chatEnvelope(), context))]) {
				assert.equal(response.message.tool_calls, [{ id: "chatcmpl-tool-1", name: "weather", arguments: "{}" }]);
				assert.is(response.finish_reason, "tool_calls");
			}
		},
		withPreset("vllm"),
	));

// https://docs.vllm.ai/en/v0.26.0/features/reasoning_outputs/
test("vllm: reasoning is read from the new name and from the former one", () =>
	upstream(
		[answer.json(completion({ reasoning: "Hm.", content: "A" })), answer.json(completion({ reasoning_content: "Hm.", content: "A" }))],
		async ({ chat, context }) => {
			for (let turn = 0; turn < 2; turn++) {
				const { message } = await chat.unary(chatEnvelope(), context);
				assert.equal(message.content, [
					{ type: "reasoning", reasoning: { text: "Hm." } },
					{ type: "text", text: "A" },
				]);
			}
		},
		withPreset("vllm"),
	));

// https://docs.mistral.ai/capabilities/reasoning
test("mistral: thinking in the content is reasoning, whole and in more pieces than an answer may have opaque parts", () => {
	const thinking = (text: string) => ({ type: "thinking", thinking: [{ type: "text", text }] });
	const pieces = Array.from({ length: 1500 }, () => chunk({ content: [thinking("a")] }));
	return upstream(
		[
			answer.json(completion({ content: [thinking("a".repeat(1500)), { type: "text", text: "B" }] })),
			answer.stream(sse([...pieces, chunk({ content: [{ type: "text", text: "B" }] }), chunk({ content: "" }, "stop")])),
		],
		async ({ chat, context }) => {
			const content = [
				{ type: "reasoning", reasoning: { text: "a".repeat(1500) } },
				{ type: "text", text: "B" },
			];
			assert.equal((await chat.unary(chatEnvelope(), context)).message.content, content);
			assert.equal((await completed(chat.stream(chatEnvelope(), context))).message.content, content);
		},
		withPreset("mistral"),
	);
});

// https://github.com/nearai/ironclaw/issues/1241
test("mistral: a refused id of a tool call is a fault of the request, not of the server", () =>
	upstream(
		[
			answer.status(400, {
				object: "error",
				message: "Tool call id was turn1_0 but must be a-z, A-Z, 0-9, with a length of 9.",
				type: "invalid_function_call",
				param: null,
				code: "3280",
				raw_status_code: 400,
			}),
		],
		async ({ chat, context }) => {
			const { code, attribution } = await failure(chat.unary(chatEnvelope(), context));
			assert.equal([code, attribution], ["invalid_request", "request"]);
		},
		withPreset("mistral"),
	));

test.run();
