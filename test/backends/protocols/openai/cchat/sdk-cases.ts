import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { parts, say } from "../../../chat-envelope.ts";

export interface SdkCase {
	/** The request in the IR. */
	readonly payload: Partial<cchat.Request>;
	readonly options?: JsonObject;
	/** The same request, as a program that uses the SDK writes it. */
	readonly params: ChatCompletionCreateParamsNonStreaming;
	/** Members in which the two bodies differ, and the reason. */
	readonly differences?: Readonly<Record<string, string>>;
}

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const BASE64 = "iVBORw==";
const model = "small";
const ask = { role: "user" as const, content: "Hi" };
const messages = [ask];
const tool: cchat.Tool = { name: "weather", description: "Weather of a city.", parameters: SCHEMA };
const sdkTool = { type: "function" as const, function: { name: "weather", description: "Weather of a city.", parameters: SCHEMA } };
const args = (city: string): string => JSON.stringify({ city });
const inline = (mime_type: string): { type: "inline"; inline: { mime_type: string; data: Uint8Array } } => ({
	type: "inline",
	inline: { mime_type, data: PNG },
});

/** Logical requests, in the IR and in the SDK's types. */
export const SDK_CASES: Readonly<Record<string, SdkCase>> = {
	"a text": {
		payload: {},
		params: { model, messages },
	},
	"a system prompt and a conversation with names": {
		payload: { messages: [say("system", "Be brief."), say("user", "A", { name: "Ann" }), say("assistant", "B"), say("user", "C")] },
		params: {
			model,
			messages: [
				{ role: "system", content: "Be brief." },
				{ role: "user", content: "A", name: "Ann" },
				{ role: "assistant", content: "B" },
				{ role: "user", content: "C" },
			],
		},
	},
	"instructions of a developer": {
		payload: { messages: [say("system", "Be brief."), say("user", "Hi")] },
		options: { developer_role: true },
		params: { model, messages: [{ role: "developer", content: "Be brief." }, ask] },
	},
	"parameters of sampling and length": {
		payload: {
			params: {
				temperature: 0.5,
				top_p: 0.25,
				max_output_tokens: 64,
				stop: ["END"],
				seed: 7,
				presence_penalty: 1,
				frequency_penalty: -1,
				reasoning_effort: "xhigh",
			},
		},
		params: {
			model,
			messages,
			temperature: 0.5,
			top_p: 0.25,
			max_completion_tokens: 64,
			stop: ["END"],
			seed: 7,
			presence_penalty: 1,
			frequency_penalty: -1,
			reasoning_effort: "xhigh",
		},
	},
	"a limit for older servers": {
		payload: { params: { max_output_tokens: 64, stop: [] } },
		options: { max_tokens_field: "max_tokens" },
		params: { model, messages, max_tokens: 64 },
	},
	"tools, one call at most": {
		payload: {
			tools: [{ ...tool, strict: true }],
			tool_choice: { type: "required" },
			params: { stop: [], parallel_tool_calls: false },
		},
		params: {
			model,
			messages,
			tools: [{ ...sdkTool, function: { ...sdkTool.function, strict: true } }],
			tool_choice: "required",
			parallel_tool_calls: false,
		},
	},
	"a named tool": {
		payload: { tools: [tool], tool_choice: { type: "named", named: "weather" } },
		params: { model, messages, tools: [sdkTool], tool_choice: { type: "function", function: { name: "weather" } } },
	},
	"parallel calls and their results": {
		payload: {
			tools: [tool],
			messages: [
				say("user", "Rome and Oslo?"),
				parts("assistant"),
				say("tool", "sun", { tool_call_id: "call_1" }),
				say("tool", "no such city", { tool_call_id: "call_2", is_error: true }),
			].map((message) =>
				message.role === "assistant"
					? {
							...message,
							tool_calls: [
								{ id: "call_1", name: "weather", arguments: args("Rome") },
								{ id: "call_2", name: "weather", arguments: args("Oslo") },
							],
						}
					: message,
			),
		},
		params: {
			model,
			tools: [sdkTool],
			messages: [
				{ role: "user", content: "Rome and Oslo?" },
				{
					role: "assistant",
					tool_calls: [
						{ id: "call_1", type: "function", function: { name: "weather", arguments: args("Rome") } },
						{ id: "call_2", type: "function", function: { name: "weather", arguments: args("Oslo") } },
					],
				},
				{ role: "tool", content: "sun", tool_call_id: "call_1" },
				{ role: "tool", content: "no such city", tool_call_id: "call_2" },
			],
		},
		differences: { "messages.1.content": "absent and null mean the same, and some servers demand the member" },
	},
	"images, a recording and a document": {
		payload: {
			messages: [
				parts(
					"user",
					{ type: "image", image: { source: inline("image/png"), detail: "low" } },
					{ type: "image", image: { source: { type: "url", url: "https://img.example/a.png" } } },
					{ type: "audio", audio: { source: inline("audio/wav") } },
					{ type: "file", file: { source: inline("application/pdf"), filename: "a.pdf" } },
					{ type: "text", text: "Compare." },
				),
			],
		},
		params: {
			model,
			messages: [
				{
					role: "user",
					content: [
						{ type: "image_url", image_url: { url: `data:image/png;base64,${BASE64}`, detail: "low" } },
						{ type: "image_url", image_url: { url: "https://img.example/a.png" } },
						{ type: "input_audio", input_audio: { data: BASE64, format: "wav" } },
						{ type: "file", file: { file_data: `data:application/pdf;base64,${BASE64}`, filename: "a.pdf" } },
						{ type: "text", text: "Compare." },
					],
				},
			],
		},
	},
	"a refusal in the history": {
		payload: { messages: [say("user", "Hi"), parts("assistant", { type: "refusal", refusal: "No." }), say("user", "Why?")] },
		params: { model, messages: [ask, { role: "assistant", refusal: "No." }, { role: "user", content: "Why?" }] },
		differences: { "messages.1.content": "absent and null mean the same, and some servers demand the member" },
	},
	"structured output": {
		payload: { response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA, strict: true } } },
		params: {
			model,
			messages,
			response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA, strict: true } },
		},
	},
	"JSON mode": {
		payload: { response_format: { type: "json_object" } },
		params: { model, messages, response_format: { type: "json_object" } },
	},
};
