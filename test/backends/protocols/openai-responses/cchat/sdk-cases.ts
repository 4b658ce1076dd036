import type { ResponseCreateParamsNonStreaming } from "openai/resources/responses/responses";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { opaque } from "./answer-cases.ts";

export interface SdkCase {
	/** The request in the IR. */
	readonly payload: Partial<cchat.Request>;
	readonly options?: JsonObject;
	/** The same request, as a program that uses the SDK writes it. */
	readonly params: ResponseCreateParamsNonStreaming;
	/** Members in which the two bodies differ, and the reason. */
	readonly differences?: Readonly<Record<string, string>>;
}

const SHORTHAND = "the API reads a string as a list of one message of the user";
const DEFAULT = "the SDK's program leaves out a member whose value is the default";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const tool = { name: "weather", description: "Weather of a city.", parameters: SCHEMA };
const upstreamTool = { type: "function" as const, ...tool, strict: false };
const thought = {
	type: "reasoning" as const,
	id: "rs_1",
	summary: [{ type: "summary_text" as const, text: "Hm." }],
	encrypted_content: "gAAA",
};
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const functionCall = (call_id: string, city: string) => ({
	type: "function_call" as const,
	call_id,
	name: "weather",
	arguments: JSON.stringify({ city }),
});
const user = (content: string) => ({ type: "message" as const, role: "user" as const, content });
const assistant = (id: string, text: string) => ({
	type: "message" as const,
	role: "assistant" as const,
	id,
	status: "completed" as const,
	content: [{ type: "output_text" as const, text, annotations: [], logprobs: [] }],
});
const asks = (more: Omit<ResponseCreateParamsNonStreaming, "model" | "input">): ResponseCreateParamsNonStreaming => ({
	model: "gpt",
	input: [user("Hi")],
	store: false,
	include: ["reasoning.encrypted_content"],
	...more,
});

/** Logical requests, in the IR and in the SDK's types. */
export const SDK_CASES: Readonly<Record<string, SdkCase>> = {
	"a text": {
		payload: {},
		params: { ...asks({}), input: "Hi" },
		differences: { input: SHORTHAND },
	},
	"a system prompt and a conversation": {
		payload: { messages: [say("system", "Be brief."), say("user", "A"), say("assistant", "B"), say("user", "C")] },
		params: { ...asks({ instructions: "Be brief." }), input: [user("A"), assistant("msg_1", "B"), user("C")] },
	},
	"instructions of the developer": {
		payload: { messages: [say("system", "Be brief."), say("user", "A")] },
		options: { system_form: "developer" },
		params: { ...asks({}), input: [{ type: "message", role: "developer", content: "Be brief." }, user("A")] },
	},
	"sampling and limits": {
		payload: { params: { max_output_tokens: 64, temperature: 0.5, top_p: 0.9, stop: [] } },
		params: asks({ max_output_tokens: 64, temperature: 0.5, top_p: 0.9 }),
	},
	"tools, one call at most": {
		payload: { tools: [tool], tool_choice: { type: "auto" }, params: { stop: [], parallel_tool_calls: false } },
		params: asks({ tools: [upstreamTool], tool_choice: "auto", parallel_tool_calls: false }),
	},
	"strict tools, several calls": {
		payload: { tools: [{ ...tool, strict: true }], tool_choice: { type: "required" }, params: { stop: [], parallel_tool_calls: true } },
		params: asks({ tools: [{ ...upstreamTool, strict: true }], tool_choice: "required", parallel_tool_calls: true }),
	},
	"a named tool": {
		payload: { tools: [tool], tool_choice: { type: "named", named: "weather" } },
		params: asks({ tools: [upstreamTool], tool_choice: { type: "function", name: "weather" } }),
	},
	"no tool": {
		payload: { tools: [tool], tool_choice: { type: "none" } },
		params: asks({ tools: [upstreamTool], tool_choice: "none" }),
	},
	"parallel calls with reasoning, and their results": {
		payload: {
			tools: [tool],
			messages: [
				say("user", "Rome and Oslo?"),
				{
					...parts("assistant", { type: "reasoning", reasoning: { text: "Hm.", sealed: opaque("output.0.reasoning", thought) } }),
					tool_calls: [call("call_1", "Rome"), call("call_2", "Oslo")],
				},
				say("tool", "sun", { tool_call_id: "call_1" }),
				say("tool", "no such city", { tool_call_id: "call_2", is_error: true }),
				say("user", "Which is warmer?"),
			],
		},
		params: {
			...asks({ tools: [upstreamTool] }),
			input: [
				user("Rome and Oslo?"),
				thought,
				functionCall("call_1", "Rome"),
				functionCall("call_2", "Oslo"),
				{ type: "function_call_output", call_id: "call_1", output: "sun" },
				{ type: "function_call_output", call_id: "call_2", output: "no such city" },
				user("Which is warmer?"),
			],
		},
	},
	"images and documents": {
		payload: {
			messages: [
				parts(
					"user",
					{ type: "image", image: { source: { type: "inline", inline: { mime_type: "image/png", data: PNG } } } },
					{ type: "image", image: { source: { type: "url", url: "https://img.example/a.png" }, detail: "low" } },
					{
						type: "file",
						file: { source: { type: "inline", inline: { mime_type: "application/pdf", data: PNG } }, filename: "a.pdf" },
					},
					{ type: "text", text: "Compare." },
				),
			],
		},
		params: {
			...asks({}),
			input: [
				{
					type: "message",
					role: "user",
					content: [
						{ type: "input_image", image_url: "data:image/png;base64,iVBORw==", detail: "auto" },
						{ type: "input_image", image_url: "https://img.example/a.png", detail: "low" },
						{ type: "input_file", filename: "a.pdf", file_data: "data:application/pdf;base64,iVBORw==" },
						{ type: "input_text", text: "Compare." },
					],
				},
			],
		},
	},
	"structured output": {
		payload: { response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA, strict: true } } },
		params: asks({ text: { format: { type: "json_schema", name: "place", schema: SCHEMA, strict: true } } }),
	},
	"JSON mode": {
		payload: { response_format: { type: "json_object" } },
		params: asks({ text: { format: { type: "json_object" } } }),
	},
	"reasoning with a summary": {
		payload: { params: { stop: [], reasoning_effort: "xhigh" } },
		options: { reasoning_summary: "detailed", verbosity: "low" },
		params: asks({ reasoning: { effort: "xhigh", summary: "detailed" }, text: { verbosity: "low" } }),
		differences: { "text.format": DEFAULT },
	},
	"an upstream that keeps its answers": {
		payload: {},
		options: { store: true },
		params: { model: "gpt", input: [user("Hi")], store: true },
	},
	"a cache key and an identifier of the user": {
		payload: {},
		options: { prompt_cache_key: "k-1", safety_identifier: "u-1", truncation: "auto" },
		params: asks({ prompt_cache_key: "k-1", safety_identifier: "u-1", truncation: "auto" }),
	},
};
