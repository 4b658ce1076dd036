import type { ChatRequest } from "ollama";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { OWN } from "./stream-cases.ts";

export interface SdkCase {
	/** The request in the IR. */
	readonly payload: Partial<cchat.Request>;
	readonly options?: JsonObject;
	/** The same request, as a program that uses the SDK writes it. */
	readonly params: ChatRequest;
	/** Members in which the two bodies differ, and the reason. */
	readonly differences?: Readonly<Record<string, string>>;
}

const ID = "the SDK has no type for the id, which the server keeps: results of parallel calls of one tool need it";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const CLOSED = { ...SCHEMA, additionalProperties: false };
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const model = "qwen3";
const ask = { role: "user", content: "Hi" };
const tool = { name: "weather", description: "Weather of a city.", parameters: SCHEMA };
const upstreamTool = { type: "function", function: { name: "weather", description: "Weather of a city.", parameters: SCHEMA } };
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const upstreamCall = (city: string) => ({ function: { name: "weather", arguments: { city } } });
const result = (content: string) => ({ role: "tool", content, tool_name: "weather" });

/** Logical requests, in the IR and in the SDK's types. */
export const SDK_CASES: Readonly<Record<string, SdkCase>> = {
	"a text": { payload: {}, params: { model, messages: [ask] } satisfies ChatRequest },
	"a system prompt and a conversation": {
		payload: { messages: [say("system", "Be brief."), say("user", "A"), say("assistant", "B"), say("user", "C")] },
		params: {
			model,
			messages: [
				{ role: "system", content: "Be brief." },
				{ role: "user", content: "A" },
				{ role: "assistant", content: "B" },
				{ role: "user", content: "C" },
			],
		} satisfies ChatRequest,
	},
	parameters: {
		payload: {
			params: {
				temperature: 0.5,
				top_p: 0.9,
				max_output_tokens: 64,
				stop: ["END"],
				seed: 7,
				presence_penalty: 1,
				frequency_penalty: 0.5,
			},
		},
		options: { num_ctx: 4096, keep_alive: "10m" },
		params: {
			model,
			messages: [ask],
			keep_alive: "10m",
			options: {
				temperature: 0.5,
				top_p: 0.9,
				num_predict: 64,
				stop: ["END"],
				seed: 7,
				presence_penalty: 1,
				frequency_penalty: 0.5,
				num_ctx: 4096,
			},
		} satisfies ChatRequest,
	},
	tools: { payload: { tools: [tool] }, params: { model, messages: [ask], tools: [upstreamTool] } satisfies ChatRequest },
	"a turn with parallel calls and reasoning": {
		payload: {
			messages: [
				say("user", "Hi"),
				{
					role: "assistant",
					content: [{ type: "reasoning", reasoning: { text: "Hm.", sealed: OWN } }],
					tool_calls: [call("call_1", "Oslo"), call("call_2", "Rome")],
				},
				say("tool", "rain", { tool_call_id: "call_1" }),
				say("tool", "sun", { tool_call_id: "call_2" }),
			],
			tools: [tool],
		},
		params: {
			model,
			messages: [
				ask,
				{ role: "assistant", content: "", thinking: "Hm.", tool_calls: [upstreamCall("Oslo"), upstreamCall("Rome")] },
				result("rain"),
				result("sun"),
			],
			tools: [upstreamTool],
		} satisfies ChatRequest,
		differences: {
			"messages.1.tool_calls.0.id": ID,
			"messages.1.tool_calls.1.id": ID,
			"messages.2.tool_call_id": ID,
			"messages.3.tool_call_id": ID,
		},
	},
	"an image": {
		payload: {
			messages: [
				parts(
					"user",
					{ type: "text", text: "What is this?" },
					{ type: "image", image: { source: { type: "inline", inline: { data: PNG, mime_type: "image/png" } } } },
				),
			],
		},
		params: { model, messages: [{ role: "user", content: "What is this?", images: [PNG] }] } satisfies ChatRequest,
	},
	"any JSON": {
		payload: { response_format: { type: "json_object" } },
		params: { model, messages: [ask], format: "json" } satisfies ChatRequest,
	},
	"a schema": {
		payload: { response_format: { type: "json_schema", json_schema: { name: "city", schema: CLOSED, strict: true } } },
		params: { model, messages: [ask], format: CLOSED } satisfies ChatRequest,
	},
	thinking: {
		payload: { params: { stop: [], reasoning_effort: "high" } },
		params: { model, messages: [ask], think: true } satisfies ChatRequest,
	},
	"no thinking": {
		payload: { params: { stop: [], reasoning_effort: "none" } },
		params: { model, messages: [ask], think: false } satisfies ChatRequest,
	},
	"a level of thinking": {
		payload: { params: { stop: [], reasoning_effort: "medium" } },
		options: { reasoning: "levels" },
		params: { model, messages: [ask], think: "medium" } satisfies ChatRequest,
	},
};
