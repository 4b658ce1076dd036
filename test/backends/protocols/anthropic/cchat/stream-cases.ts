import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { IR_USAGE, messageStream, wholeMessage } from "../upstream.ts";

const text = (value: string) => ({ type: "text_delta", text: value });
const json = (partial_json: string) => ({ type: "input_json_delta", partial_json });

const SEARCH = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {}, caller: { type: "direct" } };
const FOUND = {
	type: "web_search_tool_result",
	tool_use_id: "srvtoolu_1",
	content: [{ type: "web_search_result", encrypted_content: "x9" }],
};
const CITATION = {
	type: "web_search_result_location",
	url: "https://kites.example/red",
	title: "Kites",
	cited_text: "red",
	encrypted_index: "E",
};

/** Bytes of a JSON value. */
export const bytes = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

const sealed = (type: string, value: object) => ({ provider: "up", kind: `content.${type}`, data: bytes(value) });

const response = (content: cchat.ContentPart[], tool_calls: cchat.ToolCall[] = [], more: Partial<cchat.Response> = {}): cchat.Response => ({
	id: "msg_01",
	model: "claude-sonnet-5-5",
	message: { role: "assistant", content, tool_calls },
	finish_reason: "stop",
	usage: IR_USAGE,
	...more,
});

export interface StreamCase {
	/** The answer, streamed. */
	readonly events: ReturnType<typeof messageStream>;
	/** The same answer, whole. */
	readonly whole: object;
	readonly response: cchat.Response;
	/** Events before usage and `completed`. */
	readonly deltas: readonly cchat.Event[];
}

/** Answers in both forms of the API, and their result. */
export const STREAM_CASES: Readonly<Record<string, StreamCase>> = {
	"a text": {
		events: messageStream([[{ type: "text", text: "" }, text("Red "), text("kïte 🪁")]]),
		whole: wholeMessage([{ type: "text", text: "Red kïte 🪁", citations: null }]),
		response: response([{ type: "text", text: "Red kïte 🪁" }]),
		deltas: [
			{ type: "text", text: "Red " },
			{ type: "text", text: "kïte 🪁" },
		],
	},
	"thinking, text and parallel calls": {
		events: messageStream(
			[
				[
					{ type: "thinking", thinking: "", signature: "" },
					{ type: "thinking_delta", thinking: "Look " },
					{ type: "thinking_delta", thinking: "it up." },
					{ type: "signature_delta", signature: "EqQB+/=" },
				],
				[{ type: "redacted_thinking", data: "Zm9v" }],
				[{ type: "text", text: "" }, text("A moment.")],
				[{ type: "tool_use", id: "toolu_1", name: "find", input: {} }, json(""), json('{"q": "a'), json('bc", "n": 12345678901234567890}')],
				[{ type: "tool_use", id: "toolu_2", name: "now", input: {} }, json("")],
			],
			{ stop_reason: "tool_use" },
		),
		whole: wholeMessage(
			[
				{ type: "thinking", thinking: "Look it up.", signature: "EqQB+/=" },
				{ type: "redacted_thinking", data: "Zm9v" },
				{ type: "text", text: "A moment." },
				{ type: "tool_use", id: "toolu_1", name: "find", input: "RAW" },
				{ type: "tool_use", id: "toolu_2", name: "now", input: {} },
			],
			{ stop_reason: "tool_use" },
		),
		response: response(
			[
				{
					type: "reasoning",
					reasoning: {
						text: "Look it up.",
						sealed: sealed("thinking", { type: "thinking", thinking: "Look it up.", signature: "EqQB+/=" }),
					},
				},
				{ type: "opaque", opaque: sealed("redacted_thinking", { type: "redacted_thinking", data: "Zm9v" }) },
				{ type: "text", text: "A moment." },
			],
			[
				{ id: "toolu_1", name: "find", arguments: '{"q": "abc", "n": 12345678901234567890}' },
				{ id: "toolu_2", name: "now", arguments: "{}" },
			],
			{ finish_reason: "tool_calls" },
		),
		deltas: [
			{ type: "reasoning", reasoning: "Look " },
			{ type: "reasoning", reasoning: "it up." },
			{ type: "text", text: "A moment." },
			{ type: "tool_call", tool_call: { index: 0, id: "toolu_1", name: "find", arguments: "" } },
			{ type: "tool_call", tool_call: { index: 0, arguments: '{"q": "a' } },
			{ type: "tool_call", tool_call: { index: 0, arguments: 'bc", "n": 12345678901234567890}' } },
			{ type: "tool_call", tool_call: { index: 1, id: "toolu_2", name: "now", arguments: "" } },
			{ type: "tool_call", tool_call: { index: 1, arguments: "{}" } },
		],
	},
	"a paused turn of a tool at the upstream, with citations": {
		events: messageStream(
			[
				[
					{ type: "thinking", thinking: "", signature: "" },
					{ type: "signature_delta", signature: "S" },
				],
				[SEARCH, json('{"query":'), json('"kites"}')],
				[FOUND],
				[{ type: "text", text: "" }, text("🪁 "), text("is")],
				[{ type: "text", text: "", citations: [] }, text("red"), { type: "citations_delta", citation: CITATION }],
			],
			{ stop_reason: "pause_turn" },
		),
		whole: wholeMessage(
			[
				{ type: "thinking", thinking: "", signature: "S" },
				{ ...SEARCH, input: { query: "kites" } },
				FOUND,
				{ type: "text", text: "🪁 is", citations: null },
				{ type: "text", text: "red", citations: [CITATION] },
			],
			{ stop_reason: "pause_turn" },
		),
		response: response(
			[
				{ type: "opaque", opaque: sealed("thinking", { type: "thinking", thinking: "", signature: "S" }) },
				{ type: "opaque", opaque: sealed("server_tool_use", { ...SEARCH, input: { query: "kites" } }) },
				{ type: "opaque", opaque: sealed("web_search_tool_result", FOUND) },
				{ type: "text", text: "🪁 is" },
				{ type: "text", text: "red" },
				{ type: "annotation", annotation: { url: "https://kites.example/red", title: "Kites", start_index: 4, end_index: 7 } },
			],
			[],
			{ finish_reason: "other" },
		),
		deltas: [
			{ type: "text", text: "🪁 " },
			{ type: "text", text: "is" },
			{ type: "text", text: "red" },
		],
	},
	"a refusal": {
		events: messageStream([[{ type: "text", text: "" }, text("Well")]], {
			stop_reason: "refusal",
			stop_details: { type: "refusal", category: "bio", explanation: "Not this." },
		}),
		whole: wholeMessage([{ type: "text", text: "Well" }], {
			stop_reason: "refusal",
			stop_details: { type: "refusal", category: "bio", explanation: "Not this." },
		}),
		response: response(
			[
				{ type: "text", text: "Well" },
				{ type: "refusal", refusal: "Not this." },
			],
			[],
			{ finish_reason: "content_filter" },
		),
		deltas: [
			{ type: "text", text: "Well" },
			{ type: "refusal", refusal: "Not this." },
		],
	},
};

/** Returns the text of the whole answer, with input that JavaScript's numbers cannot hold. */
export function wholeText({ whole }: StreamCase): string {
	return JSON.stringify(whole).replace('"RAW"', '{"q": "abc", "n": 12345678901234567890}');
}
