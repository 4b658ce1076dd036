import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { IR_USAGE, message, call as upstreamCall, type Wire, reasoning as wireReasoning } from "../upstream.ts";

export interface AnswerCase {
	readonly output: readonly Wire[];
	/** Members of the response beside the output. */
	readonly more?: object;
	readonly response: cchat.Response;
}

/** Returns the bytes of a value as JSON. */
export function bytes(value: unknown): Uint8Array {
	return new TextEncoder().encode(JSON.stringify(value));
}

/** Returns an opaque part of the test's provider. */
export function opaque(kind: string, value: unknown): { readonly provider: string; readonly kind: string; readonly data: Uint8Array } {
	return { provider: "up", kind, data: bytes(value) };
}

/** Returns a whole answer in the IR. */
export function answered(
	content: cchat.ContentPart[],
	{ calls = [], finish }: { readonly calls?: cchat.ToolCall[]; readonly finish?: cchat.FinishReason } = {},
): cchat.Response {
	return {
		id: "resp_1",
		model: "gpt-5.6",
		message: { role: "assistant", content, tool_calls: calls },
		finish_reason: finish ?? (calls.length > 0 ? "tool_calls" : "stop"),
		usage: IR_USAGE,
	};
}

const url = { type: "url_citation", url: "https://a.example/", title: "A", start_index: 0, end_index: 2 };
const file = { type: "file_citation", file_id: "file_1", filename: "a.pdf", index: 2 };
const search = { id: "ws_1", type: "web_search_call", status: "completed", action: { type: "search", query: "q" } };
const seal = (id: string, calls: number, ...summary: string[]) => opaque(`output.${calls}.reasoning`, sealed(id, ...summary));

/** Returns the sealed form of reasoning. */
export function sealed(id: string, ...summary: string[]): object {
	return { type: "reasoning", id, summary: summary.map((text) => ({ type: "summary_text", text })), encrypted_content: `gAAA-${id}/+=` };
}

/** Answers in the upstream's form and in the IR. Whole answers and streams have the same result. */
export const ANSWER_CASES: Readonly<Record<string, AnswerCase>> = {
	"a text": { output: [message("Hello 🌍")], response: answered([{ type: "text", text: "Hello 🌍" }]) },
	"a text of several parts": {
		output: [message("One. ", "Two.")],
		response: answered([
			{ type: "text", text: "One. " },
			{ type: "text", text: "Two." },
		]),
	},
	"a text with citations": {
		output: [message("Intro. "), { ...message({ type: "output_text", text: "So it is.", annotations: [url, file] }), id: "msg_2" }],
		response: answered([
			{ type: "text", text: "Intro. " },
			{ type: "text", text: "So it is." },
			{ type: "annotation", annotation: { url: "https://a.example/", title: "A", start_index: 7, end_index: 9 } },
			{ type: "annotation", annotation: { title: "a.pdf", start_index: 7, end_index: 16 } },
		]),
	},
	"a refusal": {
		output: [message({ type: "refusal", refusal: "I cannot." })],
		response: answered([{ type: "refusal", refusal: "I cannot." }]),
	},
	"encrypted reasoning without a summary, and a text": {
		output: [wireReasoning("rs_1"), message("Yes.")],
		response: answered([
			{ type: "opaque", opaque: seal("rs_1", 0) },
			{ type: "text", text: "Yes." },
		]),
	},
	"reasoning with a summary of two paragraphs": {
		output: [wireReasoning("rs_1", "First.", "Then."), message("Yes.")],
		response: answered([
			{ type: "reasoning", reasoning: { text: "First.\n\nThen.", sealed: seal("rs_1", 0, "First.", "Then.") } },
			{ type: "text", text: "Yes." },
		]),
	},
	"parallel calls with reasoning between them": {
		output: [
			wireReasoning("rs_1", "A?"),
			upstreamCall("call_1", "weather", '{"city":"Rome"}'),
			wireReasoning("rs_2"),
			upstreamCall("call_2", "weather", '{"city":"Oslo"}'),
		],
		response: answered(
			[
				{ type: "reasoning", reasoning: { text: "A?", sealed: seal("rs_1", 0, "A?") } },
				{ type: "opaque", opaque: seal("rs_2", 1) },
			],
			{
				calls: [
					{ id: "call_1", name: "weather", arguments: '{"city":"Rome"}' },
					{ id: "call_2", name: "weather", arguments: '{"city":"Oslo"}' },
				],
			},
		),
	},
	"a call without arguments": {
		output: [upstreamCall("call_1", "now", "")],
		response: answered([], { calls: [{ id: "call_1", name: "now", arguments: "{}" }] }),
	},
	"a message of a phase, and a call": {
		output: [{ ...message("I look."), phase: "commentary" }, upstreamCall("call_1", "now", "{}")],
		response: answered(
			[
				{ type: "opaque", opaque: opaque("message.phase", "commentary") },
				{ type: "text", text: "I look." },
			],
			{ calls: [{ id: "call_1", name: "now", arguments: "{}" }] },
		),
	},
	"an item that only the provider understands": {
		output: [search, message("Found.")],
		response: answered([
			{ type: "opaque", opaque: opaque("output.0.web_search_call", search) },
			{ type: "text", text: "Found." },
		]),
	},
	"an answer that reached the length limit": {
		output: [wireReasoning("rs_1"), { ...message("Once upon"), status: "incomplete" }],
		more: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
		response: answered(
			[
				{ type: "opaque", opaque: seal("rs_1", 0) },
				{ type: "text", text: "Once upon" },
			],
			{ finish: "length" },
		),
	},
	"an answer that a content filter ended": {
		output: [message("Take")],
		more: { status: "incomplete", incomplete_details: { reason: "content_filter" } },
		response: answered([{ type: "text", text: "Take" }], { finish: "content_filter" }),
	},
	"a call that the length limit cut": {
		output: [upstreamCall("call_1", "weather", '{"city":"R')],
		more: { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } },
		response: answered([], { calls: [{ id: "call_1", name: "weather", arguments: '{"city":"R' }], finish: "length" }),
	},
	"no output": { output: [], response: answered([]) },
};
