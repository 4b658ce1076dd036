import type { MessageCreateParamsNonStreaming } from "@anthropic-ai/sdk/resources/messages";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { bytes } from "./stream-cases.ts";

export interface SdkCase {
	/** The request in the IR. */
	readonly payload: Partial<cchat.Request>;
	readonly options?: JsonObject;
	/** The same request, as a program that uses the SDK writes it. */
	readonly params: MessageCreateParamsNonStreaming;
	/** Members in which the two bodies differ, and the reason. */
	readonly differences?: Readonly<Record<string, string>>;
}

const SHORTHAND = "the API reads a string as a list of one block of text";
const DEFAULT = "the SDK's program leaves out a member whose value is the default";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false } as const;
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const MODEL = "claude";
const max_tokens = 16_000;
const ask = { role: "user" as const, content: [{ type: "text" as const, text: "Hi" }] };
const tool = { name: "weather", description: "Weather of a city.", parameters: { ...SCHEMA, required: ["city"] } };
const upstreamTool = { name: "weather", description: "Weather of a city.", input_schema: { ...SCHEMA, required: ["city"] } };
const thought = { type: "thinking" as const, thinking: "Hm.", signature: "S+/=" };
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const use = (id: string, city: string) => ({ type: "tool_use" as const, id, name: "weather", input: { city } });

/** Logical requests, in the IR and in the SDK's types. */
export const SDK_CASES: Readonly<Record<string, SdkCase>> = {
	"a text": {
		payload: {},
		params: { model: MODEL, max_tokens, messages: [{ role: "user", content: "Hi" }] },
		differences: { "messages.0.content": SHORTHAND },
	},
	"a system prompt and a conversation": {
		payload: { messages: [say("system", "Be brief."), say("user", "A"), say("assistant", "B"), say("user", "C")] },
		params: {
			model: MODEL,
			max_tokens,
			system: [{ type: "text", text: "Be brief." }],
			messages: [
				{ role: "user", content: [{ type: "text", text: "A" }] },
				{ role: "assistant", content: [{ type: "text", text: "B" }] },
				{ role: "user", content: [{ type: "text", text: "C" }] },
			],
		},
	},
	"a later system message": {
		payload: { messages: [say("user", "A"), say("assistant", "B"), say("user", "C"), say("system", "Be kind.")] },
		options: { inline_system: true },
		params: {
			model: MODEL,
			max_tokens,
			messages: [
				{ role: "user", content: [{ type: "text", text: "A" }] },
				{ role: "assistant", content: [{ type: "text", text: "B" }] },
				{ role: "user", content: [{ type: "text", text: "C" }] },
				{ role: "system", content: [{ type: "text", text: "Be kind." }] },
			],
		},
	},
	"limits and stop sequences": {
		payload: { params: { max_output_tokens: 64, stop: ["END", "STOP"] } },
		params: { model: MODEL, max_tokens: 64, stop_sequences: ["END", "STOP"], messages: [ask] },
	},
	"tools, one call at most": {
		payload: { tools: [tool], tool_choice: { type: "auto" }, params: { stop: [], parallel_tool_calls: false } },
		params: {
			model: MODEL,
			max_tokens,
			messages: [ask],
			tools: [upstreamTool],
			tool_choice: { type: "auto", disable_parallel_tool_use: true },
		},
	},
	"tools, several calls": {
		payload: { tools: [{ ...tool, strict: true }], tool_choice: { type: "required" }, params: { stop: [], parallel_tool_calls: true } },
		params: {
			model: MODEL,
			max_tokens,
			messages: [ask],
			tools: [{ ...upstreamTool, strict: true }],
			tool_choice: { type: "any", disable_parallel_tool_use: false },
		},
		differences: { "tool_choice.disable_parallel_tool_use": DEFAULT },
	},
	"a named tool": {
		payload: { tools: [tool], tool_choice: { type: "named", named: "weather" } },
		params: { model: MODEL, max_tokens, messages: [ask], tools: [upstreamTool], tool_choice: { type: "tool", name: "weather" } },
	},
	"no tool": {
		payload: { tools: [tool], tool_choice: { type: "none" } },
		params: { model: MODEL, max_tokens, messages: [ask], tools: [upstreamTool], tool_choice: { type: "none" } },
	},
	"parallel calls with thinking, and their results": {
		payload: {
			tools: [tool],
			messages: [
				say("user", "Rome and Oslo?"),
				{
					...parts("assistant", {
						type: "reasoning",
						reasoning: { text: "Hm.", sealed: { provider: "up", kind: "content.thinking", data: bytes(thought) } },
					}),
					tool_calls: [call("toolu_1", "Rome"), call("toolu_2", "Oslo")],
				},
				say("tool", "sun", { tool_call_id: "toolu_1" }),
				say("tool", "no such city", { tool_call_id: "toolu_2", is_error: true }),
				say("user", "Which is warmer?"),
			],
		},
		params: {
			model: MODEL,
			max_tokens,
			tools: [upstreamTool],
			messages: [
				{ role: "user", content: [{ type: "text", text: "Rome and Oslo?" }] },
				{ role: "assistant", content: [thought, use("toolu_1", "Rome"), use("toolu_2", "Oslo")] },
				{
					role: "user",
					content: [
						{ type: "tool_result", tool_use_id: "toolu_1", content: "sun" },
						{ type: "tool_result", tool_use_id: "toolu_2", content: "no such city", is_error: true },
						{ type: "text", text: "Which is warmer?" },
					],
				},
			],
		},
	},
	"images and documents": {
		payload: {
			messages: [
				parts(
					"user",
					{ type: "image", image: { source: { type: "inline", inline: { mime_type: "image/png", data: PNG } } } },
					{ type: "image", image: { source: { type: "url", url: "https://img.example/a.png" } } },
					{
						type: "file",
						file: { source: { type: "inline", inline: { mime_type: "application/pdf", data: PNG } }, filename: "a.pdf" },
					},
					{ type: "file", file: { source: { type: "inline", inline: { mime_type: "text/plain", data: new TextEncoder().encode("ü") } } } },
					{ type: "text", text: "Compare." },
				),
			],
		},
		params: {
			model: MODEL,
			max_tokens,
			messages: [
				{
					role: "user",
					content: [
						{ type: "image", source: { type: "base64", media_type: "image/png", data: "iVBORw==" } },
						{ type: "image", source: { type: "url", url: "https://img.example/a.png" } },
						{ type: "document", source: { type: "base64", media_type: "application/pdf", data: "iVBORw==" }, title: "a.pdf" },
						{ type: "document", source: { type: "text", media_type: "text/plain", data: "ü" } },
						{ type: "text", text: "Compare." },
					],
				},
			],
		},
	},
	"structured output": {
		payload: {
			response_format: { type: "json_schema", json_schema: { name: "place", schema: { ...SCHEMA, required: ["city"] }, strict: true } },
		},
		params: { model: MODEL, max_tokens, messages: [ask], output_config: { format: { type: "json_schema", schema: SCHEMA } } },
	},
	"reasoning with an effort": {
		payload: { params: { stop: [], reasoning_effort: "xhigh" } },
		options: { thinking_display: "summarized" },
		params: {
			model: MODEL,
			max_tokens,
			messages: [ask],
			thinking: { type: "adaptive", display: "summarized" },
			output_config: { effort: "xhigh" },
		},
	},
	"reasoning with a budget": {
		payload: { params: { stop: [], reasoning_effort: "low" } },
		options: { reasoning: "budget" },
		params: { model: MODEL, max_tokens: 18_048, messages: [ask], thinking: { type: "enabled", budget_tokens: 2048 } },
	},
	"no reasoning": {
		payload: { params: { stop: [], reasoning_effort: "none" } },
		params: { model: MODEL, max_tokens, messages: [ask], thinking: { type: "disabled" } },
	},
	"a user and a prompt cache": {
		payload: {},
		options: { user_id: "u-1", prompt_cache: "1h" },
		params: {
			model: MODEL,
			max_tokens,
			messages: [ask],
			metadata: { user_id: "u-1" },
			cache_control: { type: "ephemeral", ttl: "1h" },
		},
	},
};
