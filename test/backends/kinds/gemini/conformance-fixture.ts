import type { OperationMap } from "../../../../generated/ir/operations.ts";
import {
	answerOf,
	type ConformanceFixture,
	type FaultCase,
	jsonAnswer,
	type OperationFixture,
	type UpstreamRequest,
} from "../../../../src/backend-conformance.ts";
import { gemini } from "../../../../src/backends/kinds/gemini/index.ts";
import { UNKNOWN_LENGTH, wavHeader } from "../../../../src/formats/wav-header.ts";
import { png } from "../../../helpers/images.ts";
import { parts, say } from "../../chat-envelope.ts";
import { STREAM_CASES } from "../../protocols/gemini/cchat/stream-cases.ts";
import { IR_USAGE, KEY, piece, response, wire } from "../../protocols/gemini/upstream.ts";

type Payload = OperationMap["chat_completions"]["payload"];

const payloadOf = (more: Partial<Payload>): Payload => ({ messages: [say("user", "Hi")], tools: [], ...more });

const requestOf = (json: object, headers: UpstreamRequest["headers"] = {}): UpstreamRequest => ({
	method: "POST",
	path: "/v1/models/gemini-3.8-flash:generateContent",
	headers: { "content-type": "application/json", authorization: null, "x-goog-api-key": KEY, ...headers },
	json,
});

/** Returns the request for a stream. */
const streamed = (request: UpstreamRequest): UpstreamRequest => ({
	...request,
	path: request.path.replace(":generateContent", ":streamGenerateContent?alt=sse"),
});

const ask = { role: "user", parts: [{ text: "Hi" }] };
const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);
const PICTURE = { inlineData: { mimeType: "image/png", data: "iVBORw==" } };
const weather = {
	name: "weather",
	description: "Weather of a city.",
	parameters: { type: "object", properties: { city: { type: "string" } } },
};
const { parameters: parametersJsonSchema, ...named } = weather;
const call = (id: string, city: string) => ({ id, name: "weather", arguments: JSON.stringify({ city }) });
const used = (id: string, city: string) => ({ functionCall: { id, name: "weather", args: { city } } });

const errorOf = (code: number, status: string, message: string, details: readonly object[] = []): object => ({
	error: { code, message, status, details },
});

const OVERLOADED = { code: "backend_error", retryable: true, attribution: "capacity", processed: "no" } as const;
const REFUSED_KEY = { code: "backend_error", retryable: false, attribution: "credentials", processed: "no" } as const;
const MISSING = { code: "missing_capabilities", retryable: false, attribution: "request" } as const;

const chat: OperationFixture<"chat_completions"> = {
	payload: payloadOf({}),
	requests: {
		"a text": { upstream: requestOf({ contents: [ask] }) },
		"a text with a bearer token": {
			options: { auth_header: "authorization" },
			upstream: requestOf({ contents: [ask] }, { authorization: `Bearer ${KEY}`, "x-goog-api-key": null }),
		},
		"a system prompt, limits and a schema": {
			payload: payloadOf({
				messages: [say("system", "Be brief."), say("user", "Hi")],
				params: { max_output_tokens: 64, stop: ["END"] },
				response_format: { type: "json_schema", json_schema: { name: "a", schema: { type: "object" } } },
			}),
			upstream: requestOf({
				systemInstruction: { role: "user", parts: [{ text: "Be brief." }] },
				contents: [ask],
				generationConfig: {
					maxOutputTokens: 64,
					stopSequences: ["END"],
					responseMimeType: "application/json",
					responseJsonSchema: { type: "object" },
				},
			}),
		},
		"parallel calls and their results": {
			payload: payloadOf({
				messages: [
					say("user", "Hi"),
					{ role: "assistant", content: [], tool_calls: [call("fc1", "Bern"), call("fc2", "Rome")] },
					say("tool", "3", { tool_call_id: "fc1" }),
					say("tool", "no", { tool_call_id: "fc2", is_error: true }),
				],
				tools: [weather],
				tool_choice: { type: "required" },
			}),
			upstream: requestOf({
				contents: [
					ask,
					{ role: "model", parts: [{ ...used("fc1", "Bern"), thoughtSignature: "skip_thought_signature_validator" }, used("fc2", "Rome")] },
					{
						role: "user",
						parts: [
							{ functionResponse: { id: "fc1", name: "weather", response: { output: "3" } } },
							{ functionResponse: { id: "fc2", name: "weather", response: { error: "no" } } },
						],
					},
				],
				tools: [{ functionDeclarations: [{ ...named, parametersJsonSchema }] }],
				toolConfig: { functionCallingConfig: { mode: "ANY" } },
			}),
		},
		"a stored image and an image at a URL": {
			media: {
				"sms+file://cat": { bytes: PNG, mimeType: "image/png" },
				"https://a.example/cat": { bytes: PNG, mimeType: "image/png" },
			},
			payload: payloadOf({
				messages: [
					parts(
						"user",
						{ type: "image", image: { source: { type: "stored", stored: "sms+file://cat" } } },
						{ type: "image", image: { source: { type: "url", url: "https://a.example/cat" } } },
					),
				],
			}),
			upstream: requestOf({ contents: [{ role: "user", parts: [PICTURE, PICTURE] }] }),
		},
	},
	streamed,
	answers: Object.fromEntries(
		["a text", "thoughts, text and parallel calls", "an answer that a filter stops", "a prompt that a filter blocks"].map((name) => {
			const { whole, events, response: result, deltas } = STREAM_CASES[name] ?? {};
			if (whole === undefined || events === undefined || result === undefined) throw new Error(`there is no answer ${name}`);
			return [
				name,
				{
					whole: jsonAnswer(whole),
					stream: answerOf("text/event-stream", wire(events)),
					result,
					events: [...(deltas ?? []), { type: "usage", usage: IR_USAGE }],
				},
			];
		}),
	),
	wholeForStream: true,
	refusals: {
		"a seed of more than 32 bits": {
			payload: payloadOf({ params: { stop: [], seed: 2 ** 40 } }),
			error: { ...MISSING, message: "params.seed: this backend accepts only numbers of 32 bits" },
		},
	},
	reportedFaults: {
		"overload within an answer": {
			whole: jsonAnswer(errorOf(503, "UNAVAILABLE", "The model is overloaded.")),
			stream: answerOf("text/event-stream", wire([piece({ text: "Hi" }), errorOf(503, "UNAVAILABLE", "The model is overloaded.")])),
			events: [{ type: "text", text: "Hi" }],
			error: { ...OVERLOADED, message: "the backend is overloaded: The model is overloaded." },
		},
	},
};

const embeddings: OperationFixture<"embeddings"> = {
	payload: { input: ["a", "b"], input_type: "query", dimensions: 2 },
	requests: {
		"a batch": {
			upstream: {
				...requestOf({
					requests: ["a", "b"].map((text) => ({
						model: "models/gemini-3.8-flash",
						content: { role: "user", parts: [{ text }] },
						taskType: "RETRIEVAL_QUERY",
						outputDimensionality: 2,
					})),
				}),
				path: "/v1/models/gemini-3.8-flash:batchEmbedContents",
			},
		},
	},
	answers: {
		"two vectors": {
			whole: jsonAnswer({ embeddings: [{ values: [1, 0.5] }, { values: [0, -2] }], usageMetadata: { promptTokenCount: 8 } }),
			result: {
				model: "gemini-3.8-flash",
				dimensions: 2,
				vectors: [Float32Array.of(1, 0.5), Float32Array.of(0, -2)],
				usage: { input_tokens: 8 },
			},
		},
	},
	refusals: {
		"a purpose for a model without tasks": {
			options: { embeddings_task_type: false },
			error: MISSING,
		},
	},
};

const picture = new Uint8Array(png(2, 2));

const images: OperationFixture<"image_generation"> = {
	payload: { task: { type: "generate" }, prompt: "a cat" },
	requests: {
		"a prompt": {
			upstream: requestOf({
				contents: [{ role: "user", parts: [{ text: "a cat" }] }],
				generationConfig: { responseModalities: ["TEXT", "IMAGE"] },
			}),
		},
	},
	answers: {
		"an image": {
			whole: jsonAnswer(response([{ inlineData: { mimeType: "image/png", data: Buffer.from(picture).toString("base64") } }])),
			result: {
				model: "gemini-3.8-flash-001",
				images: [{ media: { type: "stored", stored: "sms+file://stored-1" }, mime_type: "image/png", size: { width: 2, height: 2 } }],
				downgrades: [],
				usage: IR_USAGE,
			},
			stored: [{ bytes: picture, mimeType: "image/png" }],
		},
	},
	refusals: {
		"a style": {
			payload: { task: { type: "generate" }, prompt: "a cat", style: "vivid" },
			error: { ...MISSING, message: "style: this backend has no member for it" },
		},
	},
};

const samples = Buffer.from([1, 0, 2, 0, 3, 0, 4, 0]);
const spoken = (bytes: Uint8Array) => ({
	inlineData: { mimeType: "audio/L16;codec=pcm;rate=24000", data: Buffer.from(bytes).toString("base64") },
});
const recording = {
	audio: { type: "stored", stored: "sms+file://stored-1" },
	sample_rate: 24_000,
	duration_ms: 0,
	usage: IR_USAGE,
} as const;

const speech: OperationFixture<"text_to_speech"> = {
	payload: { input: { type: "text", text: "Hi" } },
	requests: {
		"a text": {
			upstream: requestOf({
				contents: [{ role: "user", parts: [{ text: "Hi" }] }],
				generationConfig: {
					responseModalities: ["AUDIO"],
					speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } } },
				},
			}),
		},
	},
	streamed,
	answers: {
		"samples as they are": {
			payload: { input: { type: "text", text: "Hi" }, format: "pcm" },
			whole: jsonAnswer(response([spoken(samples)])),
			stream: answerOf("text/event-stream", wire([piece(spoken(samples.subarray(0, 3))), response([spoken(samples.subarray(3))])])),
			result: { ...recording, mime_type: "audio/pcm" },
			events: [
				{ type: "audio", audio: samples.subarray(0, 3) },
				{ type: "audio", audio: samples.subarray(3) },
			],
			stored: [{ bytes: new Uint8Array(samples), mimeType: "audio/pcm" }],
		},
		"a WAV file": {
			whole: jsonAnswer(response([spoken(samples)])),
			result: { ...recording, mime_type: "audio/wav" },
			stored: [{ bytes: new Uint8Array(Buffer.concat([wavHeader(samples.length, 24_000), samples])), mimeType: "audio/wav" }],
		},
		"a WAV file of unknown length": {
			stream: answerOf("text/event-stream", wire([response([spoken(samples)])])),
			result: { ...recording, mime_type: "audio/wav" },
			events: [
				{ type: "audio", audio: new Uint8Array(wavHeader(UNKNOWN_LENGTH, 24_000)) },
				{ type: "audio", audio: samples },
			],
			stored: [{ bytes: new Uint8Array(Buffer.concat([wavHeader(UNKNOWN_LENGTH, 24_000), samples])), mimeType: "audio/wav" }],
		},
	},
	refusals: {
		"a pace": {
			payload: { input: { type: "text", text: "Hi" }, speed: 2 },
			error: { ...MISSING, message: "speed: this backend has no member for it; describe the pace in the instructions" },
		},
	},
};

const fault = (
	code: number,
	[status, message, details]: readonly [status: string, message: string, details?: readonly object[]],
	error: FaultCase["error"],
): FaultCase => ({ answer: jsonAnswer(errorOf(code, status, message, details), { status: code }), error });

/** The kind `gemini` for the conformance suite. */
export const fixture: ConformanceFixture = {
	kind: gemini,
	config: (url) => ({ name: "up", kind: "gemini", base_url: url, models: ["gemini-3.8-flash"], options: {} }),
	apiKey: KEY,
	operations: { chat_completions: chat, embeddings, image_generation: images, text_to_speech: speech },
	faults: {
		bad_request: fault(400, ["INVALID_ARGUMENT", "Invalid value at 'contents'"], {
			code: "invalid_request",
			retryable: false,
			attribution: "request",
			processed: "no",
			message: "the backend finds the request invalid (status 400): Invalid value at 'contents'",
		}),
		bad_key: fault(400, ["INVALID_ARGUMENT", "API key not valid.", [{ reason: "API_KEY_INVALID" }]], REFUSED_KEY),
		forbidden: fault(403, ["PERMISSION_DENIED", "Method doesn't allow unregistered callers."], REFUSED_KEY),
		unknown_model: fault(404, ["NOT_FOUND", "models/x is not found"], { code: "backend_error", retryable: false, attribution: "request" }),
		rate_limit: fault(429, ["RESOURCE_EXHAUSTED", "Slow down", [{ retryDelay: "7s" }]], {
			code: "rate_limited",
			retryable: true,
			attribution: "capacity",
			processed: "no",
			retryAfterMs: 7000,
		}),
		quota: fault(429, ["RESOURCE_EXHAUSTED", "You exceeded your current quota", [{ violations: [{ quotaId: "RequestsPerDay" }] }]], {
			code: "rate_limited",
			retryable: false,
			attribution: "capacity",
		}),
		overloaded: fault(503, ["UNAVAILABLE", "The model is overloaded."], OVERLOADED),
		server_failure: fault(500, ["INTERNAL", "An internal error has occurred."], {
			code: "backend_error",
			retryable: true,
			attribution: "backend",
		}),
	},
};
