import { FunctionCallingConfigMode, type GenerateContentParameters, HarmBlockThreshold, HarmCategory, ThinkingLevel } from "@google/genai";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { parts, say } from "../../../chat-envelope.ts";
import { sealed } from "./stream-cases.ts";

export interface SdkCase {
	/** The request in the IR. */
	readonly payload: Partial<cchat.Request>;
	readonly options?: JsonObject;
	/** The same request, as a program that uses the SDK writes it. */
	readonly params: GenerateContentParameters;
	/** Members in which the two bodies differ, and the reason. */
	readonly differences?: Readonly<Record<string, string>>;
}

const EMPTY = "the SDK sends an empty object";
const DEFAULT = "the SDK's program leaves out a member whose value is the default";

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false } as const;
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const model = "gemini-3.8-flash";
const ask = { role: "user", parts: [{ text: "Hi" }] };
const tool = { name: "weather", description: "Weather of a city.", parameters: { ...SCHEMA, required: ["city"] } };
const declared = { name: "weather", description: "Weather of a city.", parametersJsonSchema: { ...SCHEMA, required: ["city"] } };
const inline = (mime_type: string): types.MediaRef => ({ type: "inline", inline: { mime_type, data: PNG } });
const sent = (mimeType: string) => ({ inlineData: { mimeType, data: "iVBORw==" } });
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const thought = { text: "Hm.", thought: true, thoughtSignature: "S+/=" };
const signed = { text: "", thoughtSignature: "T+/=" };

/** Logical requests, in the IR and in the SDK's types. */
export const SDK_CASES: Readonly<Record<string, SdkCase>> = {
	"a text": { payload: {}, params: { model, contents: "Hi" } },
	"a system prompt and a conversation": {
		payload: { messages: [say("system", "Be brief."), say("user", "A"), say("assistant", "B"), say("user", "C")] },
		params: {
			model,
			config: { systemInstruction: "Be brief." },
			contents: [
				{ role: "user", parts: [{ text: "A" }] },
				{ role: "model", parts: [{ text: "B" }] },
				{ role: "user", parts: [{ text: "C" }] },
			],
		},
		differences: { generationConfig: EMPTY },
	},
	"sampling, limits and stop sequences": {
		payload: {
			params: {
				temperature: 0.5,
				top_p: 0.9,
				max_output_tokens: 64,
				stop: ["END", "STOP"],
				seed: 7,
				presence_penalty: 0.1,
				frequency_penalty: -0.2,
			},
		},
		params: {
			model,
			contents: "Hi",
			config: {
				temperature: 0.5,
				topP: 0.9,
				maxOutputTokens: 64,
				stopSequences: ["END", "STOP"],
				seed: 7,
				presencePenalty: 0.1,
				frequencyPenalty: -0.2,
			},
		},
	},
	tools: {
		payload: { tools: [tool], tool_choice: { type: "auto" }, params: { stop: [], parallel_tool_calls: true } },
		params: { model, contents: "Hi", config: { tools: [{ functionDeclarations: [declared] }] } },
		differences: { toolConfig: DEFAULT, generationConfig: EMPTY },
	},
	"tools whose schemas are enforced": {
		payload: { tools: [{ ...tool, strict: true }] },
		params: {
			model,
			contents: "Hi",
			config: {
				tools: [{ functionDeclarations: [declared] }],
				toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.VALIDATED } },
			},
		},
		differences: { generationConfig: EMPTY },
	},
	"any tool": {
		payload: { tools: [tool], tool_choice: { type: "required" } },
		params: {
			model,
			contents: "Hi",
			config: {
				tools: [{ functionDeclarations: [declared] }],
				toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
			},
		},
		differences: { generationConfig: EMPTY },
	},
	"a named tool": {
		payload: { tools: [tool], tool_choice: { type: "named", named: "weather" } },
		params: {
			model,
			contents: "Hi",
			config: {
				tools: [{ functionDeclarations: [declared] }],
				toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY, allowedFunctionNames: ["weather"] } },
			},
		},
		differences: { generationConfig: EMPTY },
	},
	"no tool": {
		payload: { tools: [tool], tool_choice: { type: "none" } },
		params: {
			model,
			contents: "Hi",
			config: {
				tools: [{ functionDeclarations: [declared] }],
				toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.NONE } },
			},
		},
		differences: { generationConfig: EMPTY },
	},
	"parallel calls with thoughts and signatures, and their results": {
		payload: {
			tools: [tool],
			messages: [
				say("user", "Rome and Oslo?"),
				{
					...parts(
						"assistant",
						{ type: "reasoning", reasoning: { text: "Hm.", sealed: sealed("content.thought", thought) } },
						{ type: "text", text: "A moment." },
						{ type: "opaque", opaque: sealed("content.text", signed) },
						{ type: "opaque", opaque: sealed("tool_calls.0.thoughtSignature", "U+/=") },
					),
					tool_calls: [call("fc1", "Rome"), call("fc2", "Oslo")],
				},
				say("tool", "sun", { tool_call_id: "fc1" }),
				say("tool", "no such city", { tool_call_id: "fc2", is_error: true }),
				say("user", "Which is warmer?"),
			],
		},
		params: {
			model,
			config: { tools: [{ functionDeclarations: [declared] }] },
			contents: [
				{ role: "user", parts: [{ text: "Rome and Oslo?" }] },
				{
					role: "model",
					parts: [
						thought,
						{ text: "A moment." },
						signed,
						{ functionCall: { id: "fc1", name: "weather", args: { city: "Rome" } }, thoughtSignature: "U+/=" },
						{ functionCall: { id: "fc2", name: "weather", args: { city: "Oslo" } } },
					],
				},
				{
					role: "user",
					parts: [
						{ functionResponse: { id: "fc1", name: "weather", response: { output: "sun" } } },
						{ functionResponse: { id: "fc2", name: "weather", response: { error: "no such city" } } },
					],
				},
				{ role: "user", parts: [{ text: "Which is warmer?" }] },
			],
		},
		differences: { generationConfig: EMPTY },
	},
	"images, recordings and documents": {
		payload: {
			messages: [
				parts(
					"user",
					{ type: "image", image: { source: inline("image/png"), detail: "high" } },
					{ type: "audio", audio: { source: inline("audio/wav") } },
					{ type: "file", file: { source: inline("application/pdf"), filename: "a.pdf" } },
					{ type: "text", text: "Compare." },
				),
			],
		},
		params: {
			model,
			contents: [{ role: "user", parts: [sent("image/png"), sent("audio/wav"), sent("application/pdf"), { text: "Compare." }] }],
		},
	},
	JSON: {
		payload: { response_format: { type: "json_object" } },
		params: { model, contents: "Hi", config: { responseMimeType: "application/json" } },
	},
	"structured output": {
		payload: {
			response_format: { type: "json_schema", json_schema: { name: "place", schema: { ...SCHEMA, required: ["city"] }, strict: true } },
		},
		params: { model, contents: "Hi", config: { responseMimeType: "application/json", responseJsonSchema: SCHEMA } },
	},
	"reasoning with a level": {
		payload: { params: { stop: [], reasoning_effort: "xhigh" } },
		params: { model, contents: "Hi", config: { thinkingConfig: { includeThoughts: true, thinkingLevel: ThinkingLevel.XHIGH } } },
	},
	"reasoning with a budget": {
		payload: { params: { stop: [], reasoning_effort: "low" } },
		options: { reasoning: "budget", include_thoughts: false },
		params: { model, contents: "Hi", config: { thinkingConfig: { thinkingBudget: 2048 } } },
	},
	"thresholds of the safety filters": {
		payload: {},
		options: { safety: { harassment: "block_none", dangerous_content: "block_only_high" } },
		params: {
			model,
			contents: ask,
			config: {
				safetySettings: [
					{ category: HarmCategory.HARM_CATEGORY_HARASSMENT, threshold: HarmBlockThreshold.BLOCK_NONE },
					{ category: HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT, threshold: HarmBlockThreshold.BLOCK_ONLY_HIGH },
				],
			},
		},
		differences: { generationConfig: EMPTY },
	},
};
