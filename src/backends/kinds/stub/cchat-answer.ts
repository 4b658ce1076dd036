import type * as cchat from "../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { madeUpValue } from "./made-up-value.ts";
import { spelledCall } from "./spelled-call.ts";
import { countWords, words } from "./words.ts";

/** Longest answer, in characters. Each word is an event of its own, so that the millions of a long text would hold up everything else. */
const MAX_ANSWER = 65_536;

/** Name of the stub's model. Names the stub, so that no answer is mistaken for a model's. */
const STUB_MODEL = "stub-chat";

/**
 * Returns the stub's answer, which depends only on the request:
 *
 * - after a tool result: `stub: tool said <result>`;
 * - if tools are offered and the last user message has the form `call <tool> <JSON object>`: that tool call;
 * - otherwise: `stub: you said <last user message>`.
 *
 * An answer as JSON has that text as its member `text`. An answer of a schema is a value that the schema accepts.
 *
 * `stop` and `max_output_tokens` cut the answer, and so do 65,536 characters. Other sampling parameters have no effect. Usage counts words, not tokens.
 *
 * @throws SpearError `invalid_request` if the request requires a tool call and the user's message does not have that form.
 */
export function stubAnswer(request: cchat.Request): cchat.Response {
	const last = request.messages.at(-1);
	const call = last?.role === "user" ? requestedCall(request, textOf(last)) : undefined;
	const whole = call === undefined ? formatted(reply(request.messages), request.response_format) : "";
	const { text, cut } = bounded(whole, request.params);
	const output = countWords(text) + (call === undefined ? 0 : countWords(call.arguments));
	const input = request.messages.reduce((sum, message) => sum + countWords(textOf(message)), 0);
	return {
		model: STUB_MODEL,
		message: {
			role: "assistant",
			content: text === "" ? [] : [{ type: "text", text }],
			tool_calls: call === undefined ? [] : [call],
		},
		finish_reason: call !== undefined ? "tool_calls" : cut ? "length" : "stop",
		usage: { input_tokens: input, output_tokens: output, total_tokens: input + output },
	};
}

/** Returns an answer in the form that the request asks for. */
function formatted(text: string, format: cchat.ResponseFormat | undefined): string {
	if (format?.type === "json_object") return JSON.stringify({ text });
	return format?.type === "json_schema" ? JSON.stringify(madeUpValue(format.json_schema.schema)) : text;
}

function reply(messages: readonly cchat.Message[]): string {
	const lastOther = messages.findLastIndex((message) => message.role !== "tool");
	const results = messages.slice(lastOther + 1);
	if (results.length > 0) return `stub: tool said ${results.map(textOf).join("\n")}`;
	const question = messages.findLast((message) => message.role === "user");
	return question === undefined ? "stub: you said nothing" : `stub: you said ${textOf(question)}`;
}

function requestedCall({ messages, tools, tool_choice: choice }: cchat.Request, text: string): cchat.ToolCall | undefined {
	const required = choice?.type === "required" || choice?.type === "named";
	const call = spelledCall(text, tools);
	if (choice?.type !== "none" && call !== undefined && (choice?.type !== "named" || choice.named === call.name)) {
		const earlier = messages.reduce((sum, message) => sum + message.tool_calls.length, 0);
		return { id: `stub-call-${earlier + 1}`, ...call };
	}
	if (!required) return undefined;
	const wanted = choice.type === "named" ? choice.named : "<tool>";
	throw new SpearError(
		"invalid_request",
		`tool_choice: the stub calls a tool only if the last user message is "call ${wanted} {…}" with JSON arguments`,
	);
}

/** Returns the part of the answer that `stop` and `max_output_tokens` allow. */
function bounded(whole: string, params: cchat.Params | undefined): { readonly text: string; readonly cut: boolean } {
	const ends = (params?.stop ?? []).map((stop) => whole.indexOf(stop)).filter((index) => index >= 0);
	const end = Math.min(MAX_ANSWER, ...ends);
	const text = whole.slice(0, end);
	const max = params?.max_output_tokens;
	if (max === undefined || countWords(text) <= max) return { text, cut: end === MAX_ANSWER && whole.length > end };
	return { text: words(text).slice(0, max).join(""), cut: true };
}

function textOf(message: cchat.Message): string {
	return message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
