import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { IR_USAGE, piece, response, type WireResponse } from "../upstream.ts";

/** Bytes of a JSON value. */
export const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Returns an opaque part of the test's provider. */
export const sealed = (kind: string, value: unknown) => ({ provider: "up", kind, data: bytes(value) });

const opaque = (kind: string, value: unknown): cchat.ContentPart => ({ type: "opaque", opaque: sealed(kind, value) });

const result = (content: cchat.ContentPart[], tool_calls: cchat.ToolCall[] = [], more: Partial<cchat.Response> = {}): cchat.Response => ({
	id: "r-01",
	model: "gemini-3.8-flash-001",
	message: { role: "assistant", content, tool_calls },
	finish_reason: "stop",
	usage: IR_USAGE,
	...more,
});

export interface StreamCase {
	/** The answer, streamed. */
	readonly events: readonly WireResponse[];
	/** The same answer, whole. */
	readonly whole: WireResponse;
	readonly response: cchat.Response;
	/** Events before usage and `completed`. */
	readonly deltas: readonly cchat.Event[];
}

const CODE = { executableCode: { language: "PYTHON", code: "print(6 * 7)" } };
const RESULT = { codeExecutionResult: { outcome: "OUTCOME_OK", output: "42\n" } };
const THOUGHT = { text: "Look it up.", thought: true, thoughtSignature: "EqQB+/=" };
const CALL = { functionCall: { id: "fc1", name: "find", args: { q: "abc" } }, thoughtSignature: "CiMB" };
const LAST_CALL = { functionCall: { id: "fc2", name: "now" } };
const GROUNDING = {
	groundingChunks: [{ web: { uri: "https://kites.example/red", title: "Kites" } }, { web: { uri: "https://b.example", title: "B" } }],
	groundingSupports: [
		{ segment: { startIndex: 5, endIndex: 15, text: "kïte 🪁" }, groundingChunkIndices: [0, 1], confidenceScores: [0.9, 0.5] },
		{ segment: { startIndex: 0, endIndex: 3, text: "Sed" }, groundingChunkIndices: [1, 7] },
	],
	searchEntryPoint: { renderedContent: "<div>" },
	webSearchQueries: ["kite"],
};
const CITATIONS = {
	citations: [
		{ startIndex: 0, endIndex: 3, uri: "https://a.example", title: "A", license: "mit" },
		{ endIndex: 900, uri: "x:" },
	],
};

const annotation = (url: string, start_index: number, end_index: number, title?: string): cchat.ContentPart => ({
	type: "annotation",
	annotation: { url, ...(title === undefined ? {} : { title }), start_index, end_index },
});

/** Answers in both forms of the API, and their result. */
export const STREAM_CASES: Readonly<Record<string, StreamCase>> = {
	"a text": {
		events: [piece({ text: "Red " }), piece({ text: "kïte 🪁" }), response([{ text: "" }])],
		whole: response([{ text: "Red kïte 🪁" }]),
		response: result([{ type: "text", text: "Red kïte 🪁" }]),
		deltas: [
			{ type: "text", text: "Red " },
			{ type: "text", text: "kïte 🪁" },
		],
	},
	"a text whose signature arrives apart": {
		events: [piece({ text: "Hi" }), response([{ text: "", thoughtSignature: "EpAI" }])],
		whole: response([{ text: "Hi" }, { text: "", thoughtSignature: "EpAI" }]),
		response: result([{ type: "text", text: "Hi" }, opaque("content.text", { text: "", thoughtSignature: "EpAI" })]),
		deltas: [{ type: "text", text: "Hi" }],
	},
	"a text with its signature, between others": {
		events: [piece({ text: "A" }), piece({ text: "B", thoughtSignature: "S1" }), response([{ text: "C" }])],
		whole: response([{ text: "A" }, { text: "B", thoughtSignature: "S1" }, { text: "C" }]),
		response: result([
			{ type: "text", text: "A" },
			{ type: "text", text: "B" },
			opaque("text.thoughtSignature", "S1"),
			{ type: "text", text: "C" },
		]),
		deltas: [
			{ type: "text", text: "A" },
			{ type: "text", text: "B" },
			{ type: "text", text: "C" },
		],
	},
	"thoughts, text and parallel calls": {
		events: [
			piece({ text: "Hm. ", thought: true }, { text: "So.", thought: true }),
			piece(THOUGHT),
			piece({ text: "A moment." }),
			piece(CALL),
			response([LAST_CALL], { finishMessage: "Model generated function call(s)." }),
		],
		whole: response([{ text: "Hm. So.", thought: true }, THOUGHT, { text: "A moment." }, CALL, LAST_CALL]),
		response: result(
			[
				{ type: "reasoning", reasoning: { text: "Hm. So." } },
				{ type: "reasoning", reasoning: { text: "Look it up.", sealed: sealed("content.thought", THOUGHT) } },
				{ type: "text", text: "A moment." },
				opaque("tool_calls.0.thoughtSignature", "CiMB"),
			],
			[
				{ id: "fc1", name: "find", arguments: '{"q":"abc"}' },
				{ id: "fc2", name: "now", arguments: "{}" },
			],
			{ finish_reason: "tool_calls" },
		),
		deltas: [
			{ type: "reasoning", reasoning: "Hm. " },
			{ type: "reasoning", reasoning: "So." },
			{ type: "reasoning", reasoning: "Look it up." },
			{ type: "text", text: "A moment." },
			{ type: "tool_call", tool_call: { index: 0, id: "fc1", name: "find", arguments: "" } },
			{ type: "tool_call", tool_call: { index: 0, arguments: '{"q":"abc"}' } },
			{ type: "tool_call", tool_call: { index: 1, id: "fc2", name: "now", arguments: "" } },
			{ type: "tool_call", tool_call: { index: 1, arguments: "{}" } },
		],
	},
	"code that the provider runs, and an image": {
		events: [
			piece(CODE),
			piece(RESULT),
			response([{ inlineData: { mimeType: "image/png", data: "iVBORw==" }, thoughtSignature: "S" }, { text: "Done." }]),
		],
		whole: response([CODE, RESULT, { inlineData: { mimeType: "image/png", data: "iVBORw==" }, thoughtSignature: "S" }, { text: "Done." }]),
		response: result([
			opaque("content.executableCode", CODE),
			opaque("content.codeExecutionResult", RESULT),
			opaque("content.inlineData", { inlineData: { mimeType: "image/png", data: "iVBORw==" }, thoughtSignature: "S" }),
			{ type: "text", text: "Done." },
		]),
		deltas: [{ type: "text", text: "Done." }],
	},
	"citations of the web and of the training data": {
		events: [
			piece({ text: "Red, " }),
			{ ...piece(), candidates: [{ content: { role: "model" }, citationMetadata: CITATIONS }] },
			response([{ text: "kïte 🪁" }], { groundingMetadata: GROUNDING, citationMetadata: CITATIONS }),
		],
		whole: response([{ text: "Red, kïte 🪁" }], { groundingMetadata: GROUNDING, citationMetadata: CITATIONS }),
		response: result([
			{ type: "text", text: "Red, kïte 🪁" },
			annotation("https://a.example", 0, 3, "A"),
			annotation("x:", 0, 11),
			annotation("https://kites.example/red", 5, 11, "Kites"),
			annotation("https://b.example", 5, 11, "B"),
			annotation("https://b.example", 0, 11, "B"),
		]),
		deltas: [
			{ type: "text", text: "Red, " },
			{ type: "text", text: "kïte 🪁" },
		],
	},
	"a limit": {
		events: [response([{ text: "Hi" }], { finishReason: "MAX_TOKENS" })],
		whole: response([{ text: "Hi" }], { finishReason: "MAX_TOKENS" }),
		response: result([{ type: "text", text: "Hi" }], [], { finish_reason: "length" }),
		deltas: [{ type: "text", text: "Hi" }],
	},
	"an answer that a filter stops": {
		events: [
			piece({ text: "Hi" }),
			{
				...response([]),
				candidates: [
					{
						finishReason: "SAFETY",
						safetyRatings: [
							{ category: "HARM_CATEGORY_HARASSMENT", probability: "NEGLIGIBLE" },
							{ category: "HARM_CATEGORY_DANGEROUS_CONTENT", probability: "HIGH", blocked: true },
						],
					},
				],
			},
		],
		whole: response([{ text: "Hi" }], {
			finishReason: "SAFETY",
			safetyRatings: [{ category: "HARM_CATEGORY_DANGEROUS_CONTENT", probability: "HIGH", blocked: true }],
		}),
		response: result(
			[
				{ type: "text", text: "Hi" },
				{ type: "refusal", refusal: "the provider's filter stopped the answer: SAFETY, HARM_CATEGORY_DANGEROUS_CONTENT" },
			],
			[],
			{ finish_reason: "content_filter" },
		),
		deltas: [
			{ type: "text", text: "Hi" },
			{ type: "refusal", refusal: "the provider's filter stopped the answer: SAFETY, HARM_CATEGORY_DANGEROUS_CONTENT" },
		],
	},
	"a prompt that a filter blocks": {
		events: [{ ...response([]), candidates: undefined, promptFeedback: { blockReason: "PROHIBITED_CONTENT" } }],
		whole: { ...response([]), candidates: undefined, promptFeedback: { blockReason: "PROHIBITED_CONTENT" } },
		response: result([{ type: "refusal", refusal: "the provider's filter stopped the prompt: PROHIBITED_CONTENT" }], [], {
			finish_reason: "content_filter",
		}),
		deltas: [{ type: "refusal", refusal: "the provider's filter stopped the prompt: PROHIBITED_CONTENT" }],
	},
	"an answer without content": {
		events: [response([], { content: {} })],
		whole: response([], { content: {} }),
		response: result([]),
		deltas: [],
	},
};
