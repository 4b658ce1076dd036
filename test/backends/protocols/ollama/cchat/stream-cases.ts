import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { IR_USAGE } from "../upstream.ts";

/** An answer as a stream, as a whole, and in the IR. */
export interface StreamCase {
	/** Messages of the lines before the last. */
	readonly messages: readonly object[];
	/** Members of the last line. */
	readonly end?: object;
	/** The message of the whole answer. */
	readonly whole: object;
	/** Events before the usage. */
	readonly deltas: readonly cchat.Event[];
	readonly response: cchat.Response;
}

/** Mark of reasoning of the provider `up`. */
export const OWN = { provider: "up", kind: "thinking", data: new TextEncoder().encode('{"type":"thinking"}') };

const responseOf = (message: Partial<cchat.Message>, finish_reason: cchat.FinishReason = "stop"): cchat.Response => ({
	model: "qwen3:8b",
	message: { role: "assistant", content: [], tool_calls: [], ...message },
	finish_reason,
	usage: IR_USAGE,
});

const wireCall = (id: string | undefined, args: unknown, index = 0) => ({ id, function: { index, name: "weather", arguments: args } });
const call = (id: string, args: string): cchat.ToolCall => ({ id, name: "weather", arguments: args });
const callEvents = (index: number, id: string, args: string): cchat.Event[] => [
	{ type: "tool_call", tool_call: { index, id, name: "weather", arguments: "" } },
	{ type: "tool_call", tool_call: { index, arguments: args } },
];

export const STREAM_CASES: Readonly<Record<string, StreamCase>> = {
	"a text": {
		messages: [{ content: "Größe" }, { content: " 😀" }, { content: "" }],
		whole: { content: "Größe 😀" },
		deltas: [
			{ type: "text", text: "Größe" },
			{ type: "text", text: " 😀" },
		],
		response: responseOf({ content: [{ type: "text", text: "Größe 😀" }] }),
	},
	"a text that is cut by the limit": {
		messages: [{ content: "A" }],
		end: { done_reason: "length" },
		whole: { content: "A" },
		deltas: [{ type: "text", text: "A" }],
		response: responseOf({ content: [{ type: "text", text: "A" }] }, "length"),
	},
	"reasoning before a text": {
		messages: [{ thinking: "Hm" }, { thinking: "." }, { content: "A" }, { thinking: " So." }, { content: "B" }],
		whole: { thinking: "Hm. So.", content: "AB" },
		deltas: [
			{ type: "reasoning", reasoning: "Hm" },
			{ type: "reasoning", reasoning: "." },
			{ type: "text", text: "A" },
			{ type: "reasoning", reasoning: " So." },
			{ type: "text", text: "B" },
		],
		response: responseOf({
			content: [
				{ type: "reasoning", reasoning: { text: "Hm. So.", sealed: OWN } },
				{ type: "text", text: "AB" },
			],
		}),
	},
	"parallel calls of one index": {
		messages: [{ tool_calls: [wireCall("call_1", { city: "Oslo" })] }, { tool_calls: [wireCall("call_2", { done: true })] }],
		whole: { tool_calls: [wireCall("call_1", { city: "Oslo" }), wireCall("call_2", { done: true }, 1)] },
		deltas: [...callEvents(0, "call_1", '{"city":"Oslo"}'), ...callEvents(1, "call_2", '{"done":true}')],
		response: responseOf({ tool_calls: [call("call_1", '{"city":"Oslo"}'), call("call_2", '{"done":true}')] }, "tool_calls"),
	},
	"a text with a call in one line": {
		messages: [{ content: "Let me see.", tool_calls: [wireCall("c", {})] }],
		whole: { content: "Let me see.", tool_calls: [wireCall("c", {})] },
		deltas: [{ type: "text", text: "Let me see." }, ...callEvents(0, "c", "{}")],
		response: responseOf({ content: [{ type: "text", text: "Let me see." }], tool_calls: [call("c", "{}")] }, "tool_calls"),
	},
	"a call whose arguments a proxy sends as text": {
		messages: [{ content: null, tool_calls: [wireCall("c", '{"city": "Oslo"}')] }],
		whole: { content: null, tool_calls: [wireCall("c", '{"city": "Oslo"}')] },
		deltas: callEvents(0, "c", '{"city": "Oslo"}'),
		response: responseOf({ tool_calls: [call("c", '{"city": "Oslo"}')] }, "tool_calls"),
	},
	nothing: { messages: [], whole: {}, deltas: [], response: responseOf({}) },
};
