import type { ConverseCommandInput } from "@aws-sdk/client-bedrock-runtime";
import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type { JsonObject } from "../../../../../generated/ir/json.ts";
import { parts, say } from "../../../chat-envelope.ts";

export interface SdkCase {
	/** The request in the IR. */
	readonly payload: Partial<cchat.Request>;
	readonly options?: JsonObject;
	readonly providerOptions?: JsonObject;
	/** The same request, as a program that uses the SDK writes it. */
	readonly input: Omit<ConverseCommandInput, "modelId">;
}

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const ask = { role: "user" as const, content: [{ text: "Hi" }] };
const tool = { name: "weather", description: "Weather of a city.", parameters: SCHEMA };
const toolSpec = { name: "weather", description: "Weather of a city.", inputSchema: { json: SCHEMA } };
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const use = (toolUseId: string, city: string) => ({ toolUse: { toolUseId, name: "weather", input: { city } } });
const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const inline = (mime_type: string, data = PNG) => ({ type: "inline" as const, inline: { mime_type, data } });
const signed = { reasoningText: { text: "Hm.", signature: "S+/=" } };

/** Logical requests, in the IR and in the SDK's types. */
export const SDK_CASES: Readonly<Record<string, SdkCase>> = {
	"a text": { payload: {}, input: { messages: [ask] } },
	"a system prompt and a conversation": {
		payload: { messages: [say("system", "Be brief."), say("user", "A"), say("assistant", "B"), say("user", "Ü")] },
		input: {
			system: [{ text: "Be brief." }],
			messages: [
				{ role: "user", content: [{ text: "A" }] },
				{ role: "assistant", content: [{ text: "B" }] },
				{ role: "user", content: [{ text: "Ü" }] },
			],
		},
	},
	"limits, sampling and stop sequences": {
		payload: { params: { max_output_tokens: 64, temperature: 0.5, top_p: 0.25, stop: ["END", "STOP"] } },
		input: { messages: [ask], inferenceConfig: { maxTokens: 64, temperature: 0.5, topP: 0.25, stopSequences: ["END", "STOP"] } },
	},
	"tools that the model may call": {
		payload: { tools: [tool], tool_choice: { type: "auto" } },
		input: { messages: [ask], toolConfig: { tools: [{ toolSpec }], toolChoice: { auto: {} } } },
	},
	"strict tools of which one must be called": {
		payload: { tools: [{ ...tool, strict: true }], tool_choice: { type: "required" } },
		input: { messages: [ask], toolConfig: { tools: [{ toolSpec: { ...toolSpec, strict: true } }], toolChoice: { any: {} } } },
	},
	"a named tool": {
		payload: { tools: [tool], tool_choice: { type: "named", named: "weather" } },
		input: { messages: [ask], toolConfig: { tools: [{ toolSpec }], toolChoice: { tool: { name: "weather" } } } },
	},
	"no tool": { payload: { tools: [tool], tool_choice: { type: "none" } }, input: { messages: [ask] } },
	"parallel calls with reasoning, and their results": {
		payload: {
			tools: [tool],
			messages: [
				say("user", "Rome and Oslo?"),
				{
					...parts(
						"assistant",
						{
							type: "reasoning",
							reasoning: {
								text: "Hm.",
								sealed: { provider: "up", kind: "content.reasoningContent", data: bytes({ reasoningContent: signed }) },
							},
						},
						{
							type: "opaque",
							opaque: {
								provider: "up",
								kind: "content.reasoningContent",
								data: bytes({ reasoningContent: { redactedContent: Buffer.from(PNG).toString("base64") } }),
							},
						},
					),
					tool_calls: [call("tooluse_1", "Rome"), call("tooluse_2", "Oslo")],
				},
				say("tool", "sun", { tool_call_id: "tooluse_1" }),
				say("tool", "no such city", { tool_call_id: "tooluse_2", is_error: true }),
				say("user", "Which is warmer?"),
			],
		},
		input: {
			toolConfig: { tools: [{ toolSpec }] },
			messages: [
				{ role: "user", content: [{ text: "Rome and Oslo?" }] },
				{
					role: "assistant",
					content: [
						{ reasoningContent: signed },
						{ reasoningContent: { redactedContent: PNG } },
						use("tooluse_1", "Rome"),
						use("tooluse_2", "Oslo"),
					],
				},
				{
					role: "user",
					content: [
						{ toolResult: { toolUseId: "tooluse_1", content: [{ text: "sun" }] } },
						{ toolResult: { toolUseId: "tooluse_2", content: [{ text: "no such city" }], status: "error" } },
						{ text: "Which is warmer?" },
					],
				},
			],
		},
	},
	"images, recordings and documents": {
		payload: {
			messages: [
				parts(
					"user",
					{ type: "image", image: { source: inline("image/jpg") } },
					{ type: "audio", audio: { source: inline("audio/x-wav") } },
					{ type: "file", file: { source: inline("application/pdf"), filename: "Q3 report_v2.pdf" } },
					{ type: "file", file: { source: inline("application/json"), filename: "Q3 report v2.json" } },
					{ type: "text", text: "Compare." },
				),
			],
		},
		input: {
			messages: [
				{
					role: "user",
					content: [
						{ image: { format: "jpeg", source: { bytes: PNG } } },
						{ audio: { format: "wav", source: { bytes: PNG } } },
						{ document: { format: "pdf", name: "Q3 report v2", source: { bytes: PNG } } },
						{ document: { format: "txt", name: "Q3 report v2 2", source: { bytes: PNG } } },
						{ text: "Compare." },
					],
				},
			],
		},
	},
	"structured output": {
		payload: { response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA, strict: true } } },
		input: {
			messages: [ask],
			outputConfig: {
				textFormat: { type: "json_schema", structure: { jsonSchema: { name: "place", schema: JSON.stringify(SCHEMA) } } },
			},
		},
	},
	"reasoning with an effort": {
		payload: { params: { stop: [], reasoning_effort: "xhigh" } },
		input: { messages: [ask], outputConfig: { effort: "xhigh" } },
	},
	"adaptive reasoning of Claude": {
		payload: { params: { stop: [], reasoning_effort: "minimal" } },
		options: { reasoning: "adaptive" },
		input: { messages: [ask], outputConfig: { effort: "low" }, additionalModelRequestFields: { thinking: { type: "adaptive" } } },
	},
	"reasoning of Claude with a budget": {
		payload: { params: { stop: [], reasoning_effort: "low", max_output_tokens: 2000 } },
		options: { reasoning: "budget" },
		input: {
			messages: [ask],
			inferenceConfig: { maxTokens: 2000 },
			additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 1999 } },
		},
	},
	"reasoning of Amazon Nova": {
		payload: { params: { stop: [], reasoning_effort: "max" } },
		options: { reasoning: "nova" },
		input: { messages: [ask], additionalModelRequestFields: { reasoningConfig: { type: "enabled", maxReasoningEffort: "high" } } },
	},
	"reasoning of a model of OpenAI, and another member of the model": {
		payload: { params: { stop: [], reasoning_effort: "medium" } },
		options: { reasoning: "reasoning_effort", allow_provider_options: ["additionalModelRequestFields", "serviceTier", "requestMetadata"] },
		providerOptions: { additionalModelRequestFields: { top_k: 40 }, serviceTier: { type: "flex" }, requestMetadata: { team: "a" } },
		input: {
			messages: [ask],
			additionalModelRequestFields: { reasoning_effort: "medium", top_k: 40 },
			serviceTier: { type: "flex" },
			requestMetadata: { team: "a" },
		},
	},
	"a prompt cache": {
		payload: { messages: [say("system", "Be brief."), say("user", "A"), say("assistant", "B"), say("user", "C")] },
		options: { prompt_cache: "1h" },
		input: {
			system: [{ text: "Be brief." }, { cachePoint: { type: "default", ttl: "1h" } }],
			messages: [
				{ role: "user", content: [{ text: "A" }] },
				{ role: "assistant", content: [{ text: "B" }] },
				{ role: "user", content: [{ text: "C" }, { cachePoint: { type: "default", ttl: "1h" } }] },
			],
		},
	},
};
