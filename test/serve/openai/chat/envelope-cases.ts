import { bytes } from "../../../helpers/family-guest.ts";

interface EnvelopeCase {
	/** The request as a guest writes it. */
	readonly wit: object;
	/** Options of the guest's call. */
	readonly options?: object;
	/** The same request as a client of Chat Completions writes it. */
	readonly body: object;
	/** The same request as a client of Responses writes it. Absent if it cannot. */
	readonly inResponses?: object;
	/** The same request as a client of Messages writes it. Absent if it cannot. */
	readonly inMessages?: object;
	/** True if a session can hold the request. */
	readonly inSession?: boolean;
}

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const BASE64 = Buffer.from(PNG).toString("base64");

const text = (val: string): object => ({ tag: "text", val });
const say = (role: string, val: string, more: object = {}): object => ({ role, content: [text(val)], ...more });
const inline = (mimeType: string): object => ({ tag: "inline", val: { data: bytes(PNG), mimeType } });
const tool = { name: "weather", description: "Weather of a city.", parameters: JSON.stringify(SCHEMA), strict: true };
const bodyTool = { type: "function", function: { name: "weather", description: "Weather of a city.", parameters: SCHEMA, strict: true } };
const hi = { role: "user", content: "Hi" };

/** Logical requests, as a guest and as a client write them. */
export const ENVELOPE_CASES: Readonly<Record<string, EnvelopeCase>> = {
	"a text": {
		wit: { messages: [say("user", "Grüße 🙂")] },
		body: { messages: [{ role: "user", content: "Grüße 🙂" }] },
		inResponses: { input: "Grüße 🙂" },
		inSession: true,
	},
	"a system prompt and a limit": {
		wit: { model: "small", messages: [say("system", "Be brief."), say("user", "Hi")], params: { maxOutputTokens: 9, temperature: 0.5 } },
		body: { model: "small", messages: [{ role: "system", content: "Be brief." }, hi], max_tokens: 9, temperature: 0.5 },
		inResponses: { model: "small", instructions: "Be brief.", input: [hi], max_output_tokens: 9, temperature: 0.5 },
		inMessages: { model: "small", system: "Be brief.", messages: [hi], max_tokens: 9, temperature: 0.5 },
	},
	"a turn with a tool": {
		wit: {
			tools: [tool],
			toolChoice: { tag: "required" },
			messages: [
				say("user", "Hi"),
				{ role: "assistant", content: [text("Well.")], toolCalls: [{ id: "call_1", name: "weather", arguments: '{"city":"Rome"}' }] },
				say("tool", "sun", { toolCallId: "call_1" }),
			],
			params: { stop: ["END"], maxOutputTokens: 9 },
		},
		body: {
			tools: [bodyTool],
			tool_choice: "required",
			messages: [
				hi,
				{
					role: "assistant",
					content: "Well.",
					tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } }],
				},
				{ role: "tool", tool_call_id: "call_1", content: "sun" },
			],
			stop: ["END"],
			max_tokens: 9,
		},
		inMessages: {
			tools: [{ name: "weather", description: "Weather of a city.", input_schema: SCHEMA, strict: true }],
			tool_choice: { type: "any" },
			messages: [
				hi,
				{
					role: "assistant",
					content: [
						{ type: "text", text: "Well." },
						{ type: "tool_use", id: "call_1", name: "weather", input: { city: "Rome" } },
					],
				},
				{ role: "user", content: [{ type: "tool_result", tool_use_id: "call_1", content: "sun" }] },
			],
			stop_sequences: ["END"],
			max_tokens: 9,
		},
	},
	"a turn with a tool and a schema": {
		wit: {
			tools: [tool],
			toolChoice: { tag: "named", val: "weather" },
			messages: [
				say("user", "Hi"),
				{ role: "assistant", content: [text("Well.")], toolCalls: [{ id: "call_1", name: "weather", arguments: "{" }] },
				say("tool", "sun", { toolCallId: "call_1" }),
			],
			responseFormat: { tag: "json-schema", val: { name: "place", schema: JSON.stringify(SCHEMA), strict: true } },
		},
		body: {
			tools: [bodyTool],
			tool_choice: { type: "function", function: { name: "weather" } },
			messages: [
				hi,
				{
					role: "assistant",
					content: "Well.",
					tool_calls: [{ id: "call_1", type: "function", function: { name: "weather", arguments: "{" } }],
				},
				{ role: "tool", tool_call_id: "call_1", content: "sun" },
			],
			response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA, strict: true } },
		},
		inResponses: {
			tools: [{ type: "function", ...bodyTool.function }],
			tool_choice: { type: "function", name: "weather" },
			input: [
				hi,
				{
					type: "message",
					role: "assistant",
					id: "msg_1",
					status: "completed",
					content: [{ type: "output_text", text: "Well.", annotations: [] }],
				},
				{ type: "function_call", id: "fc_1", call_id: "call_1", name: "weather", arguments: "{" },
				{ type: "function_call_output", call_id: "call_1", output: "sun" },
			],
			text: { format: { type: "json_schema", name: "place", schema: SCHEMA, strict: true } },
		},
	},
	"an image and a document": {
		wit: {
			messages: [
				{
					role: "user",
					content: [
						text("Look."),
						{ tag: "image", val: { source: inline("image/png") } },
						{ tag: "image", val: { source: { tag: "url", val: "https://img.example/a.png" } } },
						{ tag: "file", val: { source: inline("application/pdf"), filename: "a.pdf" } },
					],
				},
			],
			params: { maxOutputTokens: 9 },
		},
		body: {
			messages: [
				{
					role: "user",
					content: [
						{ type: "text", text: "Look." },
						{ type: "image_url", image_url: { url: `data:image/png;base64,${BASE64}` } },
						{ type: "image_url", image_url: { url: "https://img.example/a.png" } },
						{ type: "file", file: { file_data: `data:application/pdf;base64,${BASE64}`, filename: "a.pdf" } },
					],
				},
			],
			max_tokens: 9,
		},
		inResponses: {
			input: [
				{
					role: "user",
					content: [
						{ type: "input_text", text: "Look." },
						{ type: "input_image", image_url: `data:image/png;base64,${BASE64}` },
						{ type: "input_image", image_url: "https://img.example/a.png" },
						{ type: "input_file", file_data: `data:application/pdf;base64,${BASE64}`, filename: "a.pdf" },
					],
				},
			],
			max_output_tokens: 9,
		},
		inMessages: {
			messages: [
				{
					role: "user",
					content: [
						{ type: "text", text: "Look." },
						{ type: "image", source: { type: "base64", media_type: "image/png", data: BASE64 } },
						{ type: "image", source: { type: "url", url: "https://img.example/a.png" } },
						{ type: "document", source: { type: "base64", media_type: "application/pdf", data: BASE64 }, title: "a.pdf" },
					],
				},
			],
			max_tokens: 9,
		},
	},
	"roles, names and parts of text": {
		wit: {
			model: "small",
			messages: [
				say("system", "Be brief."),
				say("system", "Be kind."),
				{ role: "user", content: [text("A"), text("B")], name: "Ann" },
				say("assistant", "C"),
				say("user", "D"),
			],
		},
		body: {
			model: "small",
			messages: [
				{ role: "system", content: "Be brief." },
				{ role: "developer", content: [{ type: "text", text: "Be kind." }] },
				{
					role: "user",
					content: [
						{ type: "text", text: "A" },
						{ type: "text", text: "B" },
					],
					name: "Ann",
				},
				{ role: "assistant", content: [{ type: "text", text: "C" }] },
				{ role: "user", content: "D" },
			],
		},
		inSession: true,
	},
	"all parameters": {
		wit: {
			messages: [say("user", "Hi")],
			params: {
				temperature: 0.5,
				topP: 0.25,
				maxOutputTokens: 64,
				stop: ["END", "STOP"],
				seed: -7,
				presencePenalty: 1,
				frequencyPenalty: -1,
				reasoningEffort: "xhigh",
				parallelToolCalls: false,
			},
		},
		body: {
			messages: [hi],
			parallel_tool_calls: false,
			reasoning_effort: "xhigh",
			frequency_penalty: -1,
			presence_penalty: 1,
			seed: -7,
			stop: ["END", "STOP"],
			max_completion_tokens: 64,
			top_p: 0.25,
			temperature: 0.5,
		},
		inSession: true,
	},
	"one stop sequence, and the older limit": {
		wit: { messages: [say("user", "Hi")], params: { stop: ["END"], maxOutputTokens: 5 } },
		body: { messages: [hi], stop: "END", max_tokens: 5 },
	},
	"members that ask for nothing": {
		wit: { messages: [say("user", "Hi")] },
		body: {
			messages: [{ ...hi, name: null }],
			n: 1,
			stream: false,
			stream_options: null,
			temperature: null,
			tools: null,
			tool_choice: null,
			response_format: null,
			stop: null,
			logprobs: false,
			top_logprobs: 0,
			modalities: ["text"],
			store: false,
			service_tier: "auto",
			functions: [],
			user: null,
		},
	},
	"tools and their results": {
		wit: {
			tools: [tool, { name: "now", parameters: '{"type":"object","properties":{}}' }],
			toolChoice: { tag: "named", val: "weather" },
			messages: [
				say("user", "Rome and Oslo?"),
				{
					role: "assistant",
					content: [text("Let me look.")],
					toolCalls: [
						{ id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
						{ id: "call_2", name: "weather", arguments: "{" },
					],
				},
				say("tool", "sun", { toolCallId: "call_1" }),
				say("tool", "no such city", { toolCallId: "call_2", isError: true }),
			],
		},
		body: {
			tools: [bodyTool, { type: "function", function: { name: "now" } }],
			tool_choice: { type: "function", function: { name: "weather" } },
			messages: [
				{ role: "user", content: "Rome and Oslo?" },
				{
					role: "assistant",
					content: "Let me look.",
					tool_calls: [
						{ id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Rome"}' } },
						{ index: 1, id: "call_2", type: "function", function: { name: "weather", arguments: "{" } },
					],
				},
				{ role: "tool", tool_call_id: "call_1", content: "sun", name: "weather" },
				{ role: "tool", tool_call_id: "call_2", content: [{ type: "text", text: "no such city" }], is_error: true },
			],
		},
	},
	"a choice that is a word": {
		wit: { tools: [tool], toolChoice: { tag: "required" }, messages: [say("user", "Hi")] },
		body: { tools: [bodyTool], tool_choice: "required", messages: [hi] },
	},
	"images, recordings and documents": {
		wit: {
			messages: [
				{
					role: "user",
					content: [
						{ tag: "image", val: { source: inline("image/png"), detail: "low" } },
						{ tag: "image", val: { source: { tag: "url", val: "https://img.example/a.png" } } },
						{ tag: "audio", val: { source: inline("audio/wav"), format: "wav" } },
						{ tag: "audio", val: { source: inline("audio/mpeg"), format: "mp3" } },
						{ tag: "file", val: { source: inline("application/pdf"), filename: "a.pdf" } },
					],
				},
			],
		},
		body: {
			messages: [
				{
					role: "user",
					content: [
						{ type: "image_url", image_url: { url: `data:image/png;base64,${BASE64}`, detail: "low" } },
						{ type: "image_url", image_url: "https://img.example/a.png" },
						{ type: "input_audio", input_audio: { data: BASE64, format: "wav" } },
						{ type: "input_audio", input_audio: { data: BASE64, format: "mp3" } },
						{ type: "file", file: { file_data: `data:application/pdf;base64,${BASE64}`, filename: "a.pdf" } },
					],
				},
			],
		},
	},
	"a schema of the answer": {
		wit: {
			messages: [say("user", "Hi")],
			responseFormat: { tag: "json-schema", val: { name: "place", schema: JSON.stringify(SCHEMA), strict: true } },
		},
		body: { messages: [hi], response_format: { type: "json_schema", json_schema: { name: "place", schema: SCHEMA, strict: true } } },
		inSession: true,
	},
	"any JSON object": {
		wit: { messages: [say("user", "Hi")], responseFormat: { tag: "json-object" } },
		body: { messages: [hi], response_format: { type: "json_object" } },
		inSession: true,
	},
	"a refusal, reasoning and a citation in the history": {
		wit: {
			messages: [
				say("user", "Hi"),
				{
					role: "assistant",
					content: [
						{ tag: "reasoning", val: { text: "Hm." } },
						text("Well."),
						{ tag: "refusal", val: "No." },
						{ tag: "annotation", val: { url: "https://a.example", title: "A", startIndex: 0, endIndex: 1 } },
					],
				},
				say("user", "Why?"),
			],
		},
		body: {
			messages: [
				hi,
				{
					role: "assistant",
					content: "Well.",
					refusal: "No.",
					reasoning_content: "Hm.",
					annotations: [{ type: "url_citation", url_citation: { url: "https://a.example", title: "A", start_index: 0, end_index: 1 } }],
				},
				{ role: "user", content: "Why?" },
			],
		},
	},
	"options of the call and members without a meaning of their own": {
		wit: { messages: [say("user", "Hi")] },
		options: {
			routing: { allowlist: ["up"], denylist: [], preferred: ["up"], backend: "up", sessionKey: "s", costHint: "low" },
			timeoutMs: 5000,
			taskId: "t",
			providerOptions: JSON.stringify({ user: "u-1", metadata: { a: "b" }, top_k: 40 }),
			degradation: "strict",
		},
		body: {
			user: "u-1",
			messages: [hi],
			metadata: { a: "b" },
			top_k: 40,
			spear: {
				routing: { backend: "up", allowlist: ["up"], preferred: ["up"], session_key: "s", cost_hint: "low" },
				timeout_ms: 5000,
				task_id: "t",
				degradation: "strict",
			},
		},
	},
	"a key of prompt caches": {
		wit: { messages: [say("user", "Hi")] },
		options: { routing: { sessionKey: "conversation-7" } },
		body: { messages: [hi], prompt_cache_key: "conversation-7" },
	},
};
