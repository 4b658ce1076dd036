/** Mistral's own SDK as the oracle for the preset: both send to the same server. */
import { Mistral } from "@mistralai/mistralai";
import type { ChatCompletionRequest } from "@mistralai/mistralai/models/components";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { answer, sse } from "../../../helpers/openai-server.ts";
import { chatEnvelope, collect, parts, say } from "../../chat-envelope.ts";
import { chunk, completion, KEY, upstream } from "../../protocols/openai/upstream.ts";

interface SdkCase {
	/** The request in the IR. */
	readonly payload: Partial<cchat.Request>;
	/** The same request, as a program that uses the SDK writes it. */
	readonly request: Omit<ChatCompletionRequest, "model">;
}

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const ask = { role: "user" as const, content: "Hi" };
const tool: cchat.Tool = { name: "weather", description: "Weather of a city.", parameters: SCHEMA, strict: true };
const sdkTool = {
	type: "function" as const,
	function: { name: "weather", description: "Weather of a city.", parameters: SCHEMA, strict: true },
};
const inline = (mime_type: string) => ({ type: "inline" as const, inline: { mime_type, data: PNG } });

const CASES: Readonly<Record<string, SdkCase>> = {
	"a text": { payload: {}, request: { messages: [ask] } },
	"a system prompt, limits and sampling": {
		payload: {
			messages: [say("system", "Be brief."), say("user", "Hi")],
			params: { max_output_tokens: 64, temperature: 0.5, top_p: 0.25, stop: ["END"], seed: 7, presence_penalty: 0.5, frequency_penalty: 1 },
		},
		request: {
			messages: [{ role: "system", content: "Be brief." }, ask],
			maxTokens: 64,
			temperature: 0.5,
			topP: 0.25,
			stop: ["END"],
			randomSeed: 7,
			presencePenalty: 0.5,
			frequencyPenalty: 1,
		},
	},
	"tools, calls and their results": {
		payload: {
			tools: [tool],
			tool_choice: { type: "required" },
			params: { stop: [], parallel_tool_calls: false },
			messages: [
				say("user", "Hi"),
				{ role: "assistant", content: [], tool_calls: [{ id: "abcDEF123", name: "weather", arguments: '{"city":"Rome"}' }] },
				say("tool", "sun", { tool_call_id: "abcDEF123" }),
			],
		},
		request: {
			tools: [sdkTool],
			toolChoice: "required",
			parallelToolCalls: false,
			messages: [
				ask,
				{
					role: "assistant",
					content: null,
					toolCalls: [{ id: "abcDEF123", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } }],
				},
				{ role: "tool", content: "sun", toolCallId: "abcDEF123" },
			],
		},
	},
	"a named tool": {
		payload: { tools: [tool], tool_choice: { type: "named", named: "weather" } },
		request: { messages: [ask], tools: [sdkTool], toolChoice: { type: "function", function: { name: "weather" } } },
	},
	"an image and a recording": {
		payload: {
			messages: [
				parts(
					"user",
					{ type: "image", image: { source: inline("image/png"), detail: "high" } },
					{ type: "audio", audio: { source: inline("audio/wav") } },
					{ type: "text", text: "Compare." },
				),
			],
		},
		request: {
			messages: [
				{
					role: "user",
					content: [
						{ type: "image_url", imageUrl: { url: "data:image/png;base64,iVBORw==", detail: "high" } },
						{ type: "input_audio", inputAudio: "iVBORw==" },
						{ type: "text", text: "Compare." },
					],
				},
			],
		},
	},
	"structured output": {
		payload: { response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA, strict: true } } },
		request: {
			messages: [ask],
			responseFormat: { type: "json_schema", jsonSchema: { name: "place", schemaDefinition: SCHEMA, strict: true } },
		},
	},
	"the JSON mode": {
		payload: { response_format: { type: "json_object" } },
		request: { messages: [ask], responseFormat: { type: "json_object" } },
	},
	"an effort": {
		payload: { params: { stop: [], reasoning_effort: "high" } },
		request: { messages: [ask], reasoningEffort: "high" },
	},
};

/** Members that the SDK writes with their default. The program's request leaves them out, as ours does. */
const DEFAULTS: Readonly<Record<string, unknown>> = { stream: false, prefix: false, index: 0 };

/** Returns a body without the members that the SDK adds. */
function withoutDefaults(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(withoutDefaults);
	if (typeof value !== "object" || value === null) return value;
	const members = Object.entries(value).filter(([name, member]) => !(name in DEFAULTS && DEFAULTS[name] === member));
	return Object.fromEntries(members.map(([name, member]) => [name, withoutDefaults(member)]));
}

for (const [name, { payload, request }] of Object.entries(CASES)) {
	for (const stream of [false, true]) {
		const behaviour = () => (stream ? answer.stream(sse([chunk({ content: "x" }, "stop")])) : answer.json(completion({ content: "x" })));
		test(`mistral: ${name} is sent as the SDK sends it, ${stream ? "streamed" : "whole"}`, () =>
			upstream(
				[behaviour(), behaviour()],
				async ({ chat, server, context }) => {
					const sdk = new Mistral({ apiKey: KEY, serverURL: server.baseUrl.replace(/\/v1$/, "") });
					if (stream) {
						await collect(chat.stream(chatEnvelope(payload), context));
						await sdk.chat.stream({ model: "small", ...request });
					} else {
						await chat.unary(chatEnvelope(payload), context);
						await sdk.chat.complete({ model: "small", ...request }).catch(() => undefined); // The SDK checks more of the answer.
					}
					const [ours, theirs] = [await server.request(0), await server.request(1)];
					assert.equal(ours.json(), withoutDefaults(theirs.json()));
					assert.equal([ours.method, ours.path, ours.headers.authorization], [theirs.method, theirs.path, theirs.headers.authorization]);
					await server.close();
				},
				{ options: { preset: "mistral" } },
			));
	}
}

test.run();
