import type * as cchat from "../../../../generated/ir/cchat.ts";
import { answerOf, jsonAnswer, type OperationFixture } from "../../../../src/backend-conformance.ts";
import { sse } from "../../../helpers/openai-server.ts";
import { parts, say } from "../../chat-envelope.ts";
import { chunk, completion, usageChunk } from "../../protocols/openai/upstream.ts";
import { postOf } from "./requests.ts";

const USAGE = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21, prompt_tokens_details: { cached_tokens: 4 } };
const usage = { input_tokens: 9, output_tokens: 12, total_tokens: 21, cached_input_tokens: 4 };
const stream = (events: readonly object[]) => answerOf("text/event-stream", sse([...events, usageChunk(USAGE)]));

const call = (id: string, city: string): cchat.ToolCall => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const upstreamCall = ({ id, name, arguments: args }: cchat.ToolCall): object => ({
	id,
	type: "function",
	function: { name, arguments: args },
});
const tool = {
	name: "weather",
	description: "Weather of a city.",
	parameters: { type: "object", properties: { city: { type: "string" } } },
};
const [BERN, ROME] = [call("call_1", "Bern"), call("call_2", "Rome")];

const result = (more: Partial<cchat.Message>, finish_reason: cchat.FinishReason): cchat.Response => ({
	id: "chatcmpl-42",
	model: "small-2026-03-01",
	message: { role: "assistant", content: [], tool_calls: [], ...more },
	finish_reason,
	usage,
});

/** Chat of the kind `openai-compatible` for the conformance suite. */
export const chatFixture: OperationFixture<"chat_completions"> = {
	payload: { messages: [say("user", "Hi")], tools: [] },
	requests: {
		"a text": { upstream: postOf("/chat/completions", { model: "small", messages: [{ role: "user", content: "Hi" }] }) },
		"a system prompt, limits and a schema": {
			payload: {
				messages: [say("system", "Be brief."), say("user", "Hi")],
				tools: [],
				response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" }, strict: true } },
				params: { max_output_tokens: 64, stop: ["END"], temperature: 0.5, seed: 7 },
			},
			upstream: postOf("/chat/completions", {
				model: "small",
				messages: [
					{ role: "system", content: "Be brief." },
					{ role: "user", content: "Hi" },
				],
				response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" }, strict: true } },
				max_completion_tokens: 64,
				stop: ["END"],
				temperature: 0.5,
				seed: 7,
			}),
		},
		"parallel calls and their results": {
			payload: {
				messages: [
					say("user", "Hi"),
					{ role: "assistant", content: [], tool_calls: [BERN, ROME] },
					say("tool", "3", { tool_call_id: BERN.id }),
					say("tool", "20", { tool_call_id: ROME.id }),
				],
				tools: [tool],
				tool_choice: { type: "required" },
			},
			upstream: postOf("/chat/completions", {
				model: "small",
				messages: [
					{ role: "user", content: "Hi" },
					{ role: "assistant", content: null, tool_calls: [BERN, ROME].map(upstreamCall) },
					{ role: "tool", tool_call_id: BERN.id, content: "3" },
					{ role: "tool", tool_call_id: ROME.id, content: "20" },
				],
				tools: [{ type: "function", function: tool }],
				tool_choice: "required",
			}),
		},
		"a stored image": {
			media: { "sms+file://cat": { bytes: Uint8Array.of(0x89, 0x50, 0x4e, 0x47), mimeType: "image/png" } },
			payload: {
				messages: [
					parts("user", { type: "image", image: { source: { type: "stored", stored: "sms+file://cat" } } }, { type: "text", text: "Hi" }),
				],
				tools: [],
			},
			upstream: postOf("/chat/completions", {
				model: "small",
				messages: [
					{
						role: "user",
						content: [
							{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw==" } },
							{ type: "text", text: "Hi" },
						],
					},
				],
			}),
		},
	},
	streamed: (whole) => ({ ...whole, json: { ...Object(whole.json), stream: true, stream_options: { include_usage: true } } }),
	answers: {
		"a text": {
			whole: jsonAnswer(completion({ content: "Red kïte 🪁" }, { usage: USAGE })),
			stream: stream([
				chunk({ role: "assistant", content: "" }),
				chunk({ content: "Red " }),
				chunk({ content: "kïte 🪁" }),
				chunk({}, "stop"),
			]),
			result: result({ content: [{ type: "text", text: "Red kïte 🪁" }] }, "stop"),
			events: [
				{ type: "text", text: "Red " },
				{ type: "text", text: "kïte 🪁" },
				{ type: "usage", usage },
			],
		},
		"parallel calls": {
			payload: { messages: [say("user", "Hi")], tools: [tool] },
			whole: jsonAnswer(
				completion({ content: null, tool_calls: [BERN, ROME].map(upstreamCall) }, { usage: USAGE, finish_reason: "tool_calls" }),
			),
			stream: stream([
				chunk({ tool_calls: [{ index: 0, id: "call_1", type: "function", function: { name: "weather", arguments: "" } }] }),
				chunk({ tool_calls: [{ index: 0, function: { arguments: BERN.arguments } }] }),
				chunk({ tool_calls: [{ index: 1, ...upstreamCall(ROME) }] }),
				chunk({}, "tool_calls"),
			]),
			result: result({ tool_calls: [BERN, ROME] }, "tool_calls"),
			events: [
				{ type: "tool_call", tool_call: { index: 0, id: "call_1", name: "weather", arguments: "" } },
				{ type: "tool_call", tool_call: { index: 0, arguments: BERN.arguments } },
				{ type: "tool_call", tool_call: { index: 1, id: "call_2", name: "weather", arguments: ROME.arguments } },
				{ type: "usage", usage },
			],
		},
	},
	wholeForStream: true,
	reportedFaults: {
		"a failure": {
			whole: jsonAnswer({ error: { message: "Try again.", type: "server_error", code: null } }),
			stream: answerOf(
				"text/event-stream",
				sse([chunk({ content: "Red " }), { error: { message: "Try again.", type: "server_error", code: null } }]),
			),
			events: [{ type: "text", text: "Red " }],
			error: { code: "backend_error", retryable: true, attribution: "backend", message: "the backend failed: Try again." },
		},
	},
};
