import type { BackendContext } from "../../../../generated/backends/backend.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import type { Backend, InstanceConfig } from "../../../../src/backends/backend.ts";
import { chatEnvelope, parts, say } from "../../chat-envelope.ts";
import { envelopeOf } from "../../envelope.ts";

/** A request of the kind `openai-compatible`, for OpenAI's own API. */
export interface OpenApiCase {
	/** Sends the request. */
	readonly send: (backend: Backend, context: BackendContext) => Promise<unknown> | undefined;
	readonly options?: InstanceConfig["options"];
}

const SCHEMA = { type: "object", properties: { city: { type: "string" } }, required: ["city"], additionalProperties: false };
const tool: cchat.Tool = { name: "weather", description: "Weather of a city.", parameters: SCHEMA, strict: true };
const call = (id: string, city: string): cchat.ToolCall => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const inline = (mime_type: string): types.MediaRef => ({ type: "inline", inline: { data: Uint8Array.of(1, 2, 3), mime_type } });
const clip: types.MediaRef = { type: "stored", stored: "sms+file://clip" };
const cat: types.MediaRef = { type: "stored", stored: "sms+file://cat" };

const chat = (payload: Partial<cchat.Request>, options: InstanceConfig["options"] = {}): OpenApiCase => ({
	send: ({ operations }, context) => operations.chat_completions?.unary(chatEnvelope(payload), context),
	options,
});

/** One case at least for each operation, with every member that the adapter writes. */
export const OPENAPI_CASES: Readonly<Record<string, OpenApiCase>> = {
	"a chat": chat({}),
	"a streamed chat": {
		send: ({ operations }, context) => operations.chat_completions?.stream(chatEnvelope({}), context)[Symbol.asyncIterator]().next(),
	},
	"a chat with every parameter": chat({
		params: {
			temperature: 0.5,
			top_p: 0.9,
			max_output_tokens: 64,
			stop: ["END"],
			seed: 7,
			presence_penalty: 1,
			frequency_penalty: -1,
			reasoning_effort: "low",
		},
	}),
	"a chat with an older limit and instructions of the developer": chat(
		{ messages: [say("system", "Be brief."), say("user", "Hi", { name: "ann" })], params: { stop: [], max_output_tokens: 5 } },
		{ max_tokens_field: "max_tokens", developer_role: true },
	),
	"a chat with tools": chat({
		tools: [tool],
		tool_choice: { type: "named", named: "weather" },
		params: { stop: [], parallel_tool_calls: false },
	}),
	"a chat with parallel calls and their results": chat({
		messages: [
			say("user", "Hi"),
			{ role: "assistant", content: [], tool_calls: [call("call_1", "Oslo"), call("call_2", "Rome")] },
			say("tool", "rain", { tool_call_id: "call_1" }),
			say("tool", "sun", { tool_call_id: "call_2" }),
			say("assistant", "Rain and sun."),
			say("user", "Thanks"),
		],
		tools: [tool],
		tool_choice: { type: "required" },
	}),
	"a chat with images, audio and a file": chat({
		messages: [
			parts(
				"user",
				{ type: "text", text: "What is this?" },
				{ type: "image", image: { source: inline("image/png"), detail: "low" } },
				{ type: "image", image: { source: { type: "url", url: "https://example.com/a.png" } } },
				{ type: "audio", audio: { source: inline("audio/wav") } },
				{ type: "file", file: { source: inline("application/pdf"), filename: "a.pdf" } },
			),
		],
	}),
	"a chat with a refusal in its history": chat({
		messages: [say("user", "Hi"), parts("assistant", { type: "refusal", refusal: "No." }), say("user", "Please")],
	}),
	"a chat for any JSON": chat({ response_format: { type: "json_object" } }),
	"a chat for a schema": chat({ response_format: { type: "json_schema", json_schema: { name: "city", schema: SCHEMA, strict: true } } }),
	embeddings: {
		send: ({ operations }, context) =>
			operations.embeddings?.unary(envelopeOf("embeddings", { input: ["a", "b"], dimensions: 8 }), context),
		options: { embeddings_encoding: "base64" },
	},
	"an image": {
		send: ({ operations }, context) =>
			operations.image_generation?.unary(
				envelopeOf("image_generation", {
					task: { type: "generate" },
					prompt: "a cat",
					n: 2,
					size: { width: 1024, height: 1024 },
					quality: "high",
					background: "transparent",
					format: "webp",
				}),
				context,
			),
	},
	"an image in a style": {
		send: ({ operations }, context) =>
			operations.image_generation?.unary(
				envelopeOf("image_generation", { task: { type: "generate" }, prompt: "a cat", style: "vivid" }),
				context,
			),
		options: { image_response_format: "b64_json" },
	},
	"an edit of images": {
		send: ({ operations }, context) =>
			operations.image_generation?.unary(
				envelopeOf("image_generation", {
					task: { type: "edit", edit: { images: [cat, cat], mask: cat } },
					prompt: "a hat",
					n: 1,
					size: { width: 1024, height: 1024 },
				}),
				context,
			),
	},
	"a variation of an image": {
		send: ({ operations }, context) =>
			operations.image_generation?.unary(
				envelopeOf("image_generation", { task: { type: "variation", variation: cat }, n: 1, size: { width: 512, height: 512 } }),
				context,
			),
	},
	speech: {
		send: ({ operations }, context) =>
			operations.text_to_speech?.unary(
				envelopeOf("text_to_speech", {
					input: { type: "text", text: "Hi" },
					voice: "alloy",
					format: "mp3",
					speed: 1.5,
					instructions: "Softly.",
				}),
				context,
			),
	},
	"a transcript with times": {
		send: ({ operations }, context) =>
			operations.speech_to_text?.unary(
				envelopeOf("speech_to_text", {
					audio: clip,
					language: "de",
					prompt: "Names: Ann",
					timestamps: ["segment", "word"],
					temperature: 0.5,
				}),
				context,
			),
	},
	"a transcript with speakers": {
		send: ({ operations }, context) =>
			operations.speech_to_text?.unary(envelopeOf("speech_to_text", { audio: clip, diarize: true }), context),
	},
	"a streamed transcript": {
		send: ({ operations }, context) =>
			operations.speech_to_text
				?.stream(envelopeOf("speech_to_text", { audio: clip }), context)
				[Symbol.asyncIterator]()
				.next(),
	},
	"a translation": {
		send: ({ operations }, context) =>
			operations.speech_to_text?.unary(envelopeOf("speech_to_text", { audio: clip, task: "translate", prompt: "Names: Ann" }), context),
	},
};
