import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { answerStream, IR_USAGE, type WireEvent } from "../upstream.ts";

/** An answer as the API streams it and as the API sends it whole, and what both are in the IR. */
export interface StreamCase {
	readonly events: readonly WireEvent[];
	/** The blocks of the whole answer, as text. */
	readonly content: string;
	readonly stopReason?: string;
	readonly response: cchat.Response;
	/** Events before the usage. */
	readonly deltas: readonly cchat.Event[];
}

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
const sealed = (reasoningContent: object) => ({
	provider: "up",
	kind: "content.reasoningContent",
	data: bytes({ reasoningContent }),
});

function response(content: cchat.ContentPart[], more: Partial<cchat.Response> = {}, tool_calls: cchat.ToolCall[] = []): cchat.Response {
	return {
		model: "us.anthropic.claude-sonnet-4-6-v1:0",
		message: { role: "assistant", content, tool_calls },
		finish_reason: "stop",
		usage: IR_USAGE,
		...more,
	};
}

const call = (index: number, id: string, name: string): cchat.Event => ({
	type: "tool_call",
	tool_call: { index, id, name, arguments: "" },
});
const piece = (index: number, args: string): cchat.Event => ({ type: "tool_call", tool_call: { index, arguments: args } });

export const STREAM_CASES: Readonly<Record<string, StreamCase>> = {
	"a text": {
		events: answerStream([[undefined, { text: "Hel" }, { text: "lö 😀" }, { text: "" }]]),
		content: '[{"text":"Hellö 😀"}]',
		response: response([{ type: "text", text: "Hellö 😀" }]),
		deltas: [
			{ type: "text", text: "Hel" },
			{ type: "text", text: "lö 😀" },
		],
	},
	"an empty answer": { events: answerStream([]), content: "[]", response: response([]), deltas: [] },
	"parallel calls, of which one has no arguments": {
		events: answerStream(
			[
				[undefined, { text: "Well." }],
				[
					{ toolUse: { name: "weather", toolUseId: "tooluse_1" } },
					{ toolUse: { input: "" } },
					{ toolUse: { input: '{"city": "Ro' } },
					{ toolUse: { input: 'me", "n": 1.50}' } },
				],
				[{ toolUse: { name: "now", toolUseId: "tooluse_2" } }, { toolUse: { input: "" } }],
			],
			"tool_use",
		),
		content:
			'[{"text":"Well."},{"toolUse":{"input":{"city": "Rome", "n": 1.50},"name":"weather","toolUseId":"tooluse_1"}},{"toolUse":{"input":{},"name":"now","toolUseId":"tooluse_2"}}]',
		stopReason: "tool_use",
		response: response([{ type: "text", text: "Well." }], { finish_reason: "tool_calls" }, [
			{ id: "tooluse_1", name: "weather", arguments: '{"city": "Rome", "n": 1.50}' },
			{ id: "tooluse_2", name: "now", arguments: "{}" },
		]),
		deltas: [
			{ type: "text", text: "Well." },
			call(0, "tooluse_1", "weather"),
			piece(0, '{"city": "Ro'),
			piece(0, 'me", "n": 1.50}'),
			call(1, "tooluse_2", "now"),
			piece(1, "{}"),
		],
	},
	"signed reasoning": {
		events: answerStream([
			[
				undefined,
				{ reasoningContent: { text: "Hm" } },
				{ reasoningContent: { text: "." } },
				{ reasoningContent: { signature: "S+" } },
				{ reasoningContent: { signature: "/=" } },
			],
			[undefined, { text: "Yes." }],
		]),
		content: '[{"reasoningContent":{"reasoningText":{"signature":"S+/=","text":"Hm."}}},{"text":"Yes."}]',
		response: response([
			{ type: "reasoning", reasoning: { text: "Hm.", sealed: sealed({ reasoningText: { text: "Hm.", signature: "S+/=" } }) } },
			{ type: "text", text: "Yes." },
		]),
		deltas: [
			{ type: "reasoning", reasoning: "Hm" },
			{ type: "reasoning", reasoning: "." },
			{ type: "text", text: "Yes." },
		],
	},
	// https://github.com/earendil-works/pi/pull/8314: models of OpenAI send their reasoning encrypted, in pieces of base64.
	"encrypted reasoning in pieces": {
		events: answerStream([
			[undefined, { reasoningContent: { redactedContent: "AQ==" } }, { reasoningContent: { redactedContent: "AgM=" } }],
			[undefined, { text: "Yes." }],
		]),
		content: '[{"reasoningContent":{"redactedContent":"AQID"}},{"text":"Yes."}]',
		response: response([
			{ type: "opaque", opaque: sealed({ redactedContent: "AQID" }) },
			{ type: "text", text: "Yes." },
		]),
		deltas: [{ type: "text", text: "Yes." }],
	},
	"reasoning without a signature": {
		events: answerStream([
			[undefined, { reasoningContent: { text: "Hm." } }],
			[undefined, { text: "Yes." }],
		]),
		content: '[{"reasoningContent":{"reasoningText":{"text":"Hm."}}},{"text":"Yes."}]',
		response: response([
			{ type: "reasoning", reasoning: { text: "Hm." } },
			{ type: "text", text: "Yes." },
		]),
		deltas: [
			{ type: "reasoning", reasoning: "Hm." },
			{ type: "text", text: "Yes." },
		],
	},
	"a text with citations": {
		events: answerStream([
			[undefined, { text: "So." }],
			[
				undefined,
				{ text: "It is 😀." },
				{ citation: { title: "Page", location: { web: { url: "https://a.example/", domain: "a.example" } } } },
				{ citation: { title: "Doc", source: "s", location: { documentPage: { documentIndex: 0, start: 1, end: 2 } } } },
			],
		]),
		content:
			'[{"text":"So."},{"citationsContent":{"content":[{"text":"It is "},{"text":"😀."}],"citations":[{"title":"Page","location":{"web":{"url":"https://a.example/"}}},{"title":"Doc","source":"s"}]}}]',
		response: response([
			{ type: "text", text: "So." },
			{ type: "text", text: "It is 😀." },
			{ type: "annotation", annotation: { url: "https://a.example/", title: "Page", start_index: 3, end_index: 11 } },
			{ type: "annotation", annotation: { title: "Doc", start_index: 3, end_index: 11 } },
		]),
		deltas: [
			{ type: "text", text: "So." },
			{ type: "text", text: "It is 😀." },
		],
	},
	"an answer that a guardrail replaced": {
		events: answerStream([[undefined, { text: "No." }]], "guardrail_intervened"),
		content: '[{"text":"No."}]',
		stopReason: "guardrail_intervened",
		response: response([{ type: "text", text: "No." }], { finish_reason: "content_filter" }),
		deltas: [{ type: "text", text: "No." }],
	},
	"an answer that is too long": {
		events: answerStream([[undefined, { text: "On and" }]], "max_tokens"),
		content: '[{"text":"On and"}]',
		stopReason: "max_tokens",
		response: response([{ type: "text", text: "On and" }], { finish_reason: "length" }),
		deltas: [{ type: "text", text: "On and" }],
	},
};

/** Returns the text of the whole answer of a case. */
export function wholeText({ content, stopReason = "end_turn" }: StreamCase): string {
	return `{"metrics":{"latencyMs":9},"output":{"message":{"content":${content},"role":"assistant"}},"stopReason":"${stopReason}","usage":{"cacheReadInputTokens":3,"cacheWriteInputTokens":5,"inputTokens":12,"outputTokens":40,"totalTokens":60}}`;
}
