import { Buffer } from "node:buffer";
import { crc32 } from "node:zlib";

/** The answers of each vendor that `npm run bench:backends` measures: a short chat, a stream of 64 chunks, and an embedding. */

/** Answers of one kind, as its upstream sends them. */
export interface BenchWire {
	/** Appended to the origin of the upstream for `base_url`. */
	readonly basePath: string;
	readonly chat: string;
	readonly stream: { readonly type: string; readonly chunks: readonly (string | Uint8Array)[] };
	/** Absent for a kind without embeddings. */
	readonly embeddings?: string;
	readonly options?: Readonly<Record<string, unknown>>;
}

/** Chunks of a stream with text. */
export const CHUNKS = 64;

const TEXT = "The sky is blue because air scatters short waves more.";
const WORDS = Array.from({ length: CHUNKS }, (_, index) => `word${index} `);
const VECTOR = Array.from({ length: 256 }, (_, index) => Math.fround(Math.sin(index)));

const sse = (events: readonly object[]): string[] => events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
const named = (events: readonly { readonly type: string }[]): string[] =>
	events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
const lines = (values: readonly object[]): string[] => values.map((value) => `${JSON.stringify(value)}\n`);

const openAiChunk = (delta: object, finish_reason: string | null): object => ({
	id: "chatcmpl-1",
	object: "chat.completion.chunk",
	created: 1,
	model: "m",
	choices: [{ index: 0, delta, finish_reason }],
});

const OPENAI_USAGE = { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 };

const openAi: BenchWire = {
	basePath: "/v1",
	chat: JSON.stringify({
		id: "chatcmpl-1",
		object: "chat.completion",
		created: 1,
		model: "m",
		choices: [{ index: 0, message: { role: "assistant", content: TEXT }, finish_reason: "stop" }],
		usage: OPENAI_USAGE,
	}),
	stream: {
		type: "text/event-stream",
		chunks: [
			...sse(WORDS.map((content) => openAiChunk({ content }, null))),
			...sse([openAiChunk({}, "stop"), { ...openAiChunk({}, null), choices: [], usage: OPENAI_USAGE }]),
			"data: [DONE]\n\n",
		],
	},
	embeddings: JSON.stringify({
		object: "list",
		model: "m",
		data: [{ object: "embedding", index: 0, embedding: VECTOR }],
		usage: { prompt_tokens: 3, total_tokens: 3 },
	}),
};

const anthropicMessage = (content: readonly object[], stop_reason: string | null): object => ({
	id: "msg_1",
	type: "message",
	role: "assistant",
	model: "m",
	content,
	stop_reason,
	stop_sequence: null,
	usage: { input_tokens: 9, output_tokens: 12 },
});

const anthropic: BenchWire = {
	basePath: "",
	chat: JSON.stringify(anthropicMessage([{ type: "text", text: TEXT }], "end_turn")),
	stream: {
		type: "text/event-stream",
		chunks: named([
			{ type: "message_start", message: anthropicMessage([], null) } as { type: string },
			{ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as { type: string },
			...WORDS.map((text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
			{ type: "content_block_stop", index: 0 } as { type: string },
			{ type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 12 } } as { type: string },
			{ type: "message_stop" },
		]),
	},
};

const geminiCandidate = (text: string, finishReason?: string): object => ({
	candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...(finishReason === undefined ? {} : { finishReason }) }],
	usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 12, totalTokenCount: 21 },
	modelVersion: "m",
	responseId: "r1",
});

const gemini: BenchWire = {
	basePath: "",
	chat: JSON.stringify(geminiCandidate(TEXT, "STOP")),
	stream: {
		type: "text/event-stream",
		chunks: sse(WORDS.map((text, index) => geminiCandidate(text, index === CHUNKS - 1 ? "STOP" : undefined))),
	},
	embeddings: JSON.stringify({ embeddings: [{ values: VECTOR }] }),
};

const ollamaLine = (content: string, more: object): object => ({
	model: "m",
	created_at: "2026-11-28T00:00:00Z",
	message: { role: "assistant", content },
	...more,
});

const OLLAMA_END = { done: true, done_reason: "stop", prompt_eval_count: 9, eval_count: 12 };

const ollama: BenchWire = {
	basePath: "",
	chat: JSON.stringify(ollamaLine(TEXT, OLLAMA_END)),
	stream: {
		type: "application/x-ndjson",
		chunks: lines([...WORDS.map((word) => ollamaLine(word, { done: false })), ollamaLine("", OLLAMA_END)]),
	},
	embeddings: JSON.stringify({ model: "m", embeddings: [VECTOR], prompt_eval_count: 3 }),
};

const responsesItem = (text: string): object => ({
	type: "message",
	id: "msg_1",
	role: "assistant",
	status: "completed",
	content: [{ type: "output_text", text, annotations: [] }],
});

const response = (output: readonly object[], status: string): object => ({
	id: "resp_1",
	object: "response",
	created_at: 1,
	model: "m",
	status,
	output,
	usage: { input_tokens: 9, output_tokens: 12, total_tokens: 21 },
});

const responses: BenchWire = {
	basePath: "/v1",
	chat: JSON.stringify(response([responsesItem(TEXT)], "completed")),
	stream: {
		type: "text/event-stream",
		chunks: named([
			{ type: "response.created", response: response([], "in_progress") } as { type: string },
			{ type: "response.output_item.added", output_index: 0, item: { ...responsesItem(""), content: [], status: "in_progress" } } as {
				type: string;
			},
			...WORDS.map((delta) => ({ type: "response.output_text.delta", item_id: "msg_1", output_index: 0, content_index: 0, delta })),
			{ type: "response.output_item.done", output_index: 0, item: responsesItem(WORDS.join("")) } as { type: string },
			{ type: "response.completed", response: response([responsesItem(WORDS.join(""))], "completed") } as { type: string },
		]),
	},
};

/** Returns a frame of Amazon's event stream. */
function awsFrame(name: string, payload: object): Uint8Array {
	const fields = { ":event-type": name, ":content-type": "application/json", ":message-type": "event" };
	const headers = Buffer.concat(
		Object.entries(fields).map(([field, value]) =>
			Buffer.from([field.length, ...Buffer.from(field), 7, 0, value.length, ...Buffer.from(value)]),
		),
	);
	const body = Buffer.from(JSON.stringify(payload));
	const frame = Buffer.alloc(headers.length + body.length + 16);
	frame.writeUInt32BE(frame.length, 0);
	frame.writeUInt32BE(headers.length, 4);
	frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
	headers.copy(frame, 12);
	body.copy(frame, 12 + headers.length);
	frame.writeUInt32BE(crc32(frame.subarray(0, frame.length - 4)), frame.length - 4);
	return frame;
}

const CONVERSE_USAGE = { inputTokens: 9, outputTokens: 12, totalTokens: 21 };

const bedrock: BenchWire = {
	basePath: "",
	chat: JSON.stringify({
		metrics: { latencyMs: 9 },
		output: { message: { role: "assistant", content: [{ text: TEXT }] } },
		stopReason: "end_turn",
		usage: CONVERSE_USAGE,
	}),
	stream: {
		type: "application/vnd.amazon.eventstream",
		chunks: [
			awsFrame("messageStart", { role: "assistant" }),
			...WORDS.map((text) => awsFrame("contentBlockDelta", { contentBlockIndex: 0, delta: { text }, p: "abcd" })),
			awsFrame("contentBlockStop", { contentBlockIndex: 0 }),
			awsFrame("messageStop", { stopReason: "end_turn" }),
			awsFrame("metadata", { metrics: { latencyMs: 9 }, usage: CONVERSE_USAGE }),
		],
	},
};

/** Wires by the name of the kind. */
export const WIRES: Readonly<Record<string, BenchWire>> = {
	anthropic,
	"azure-openai": openAi,
	"bedrock-converse": bedrock,
	gemini,
	ollama,
	"openai-compatible": openAi,
	"openai-responses": responses,
};
