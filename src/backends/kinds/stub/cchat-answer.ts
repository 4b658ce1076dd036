import type * as cchat from "../../../../generated/ir/cchat.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import { spelledCall } from "./spelled-call.ts";
import { countWords, words } from "./words.ts";

/** What the stub calls itself, so that nobody takes it for a model. */
export const STUB_MODEL = "stub-chat";

/**
 * The stub's answer, a function of the request alone:
 *
 * - after a tool result, `stub: tool said <result>`;
 * - when tools are offered and the last user message says `call <tool> <JSON object>`, that call;
 * - else `stub: you said <last user message>`.
 *
 * `stop` and `max_output_tokens` cut it as they would a model's. Other sampling has nothing to act on: there is no chance in
 * it. Usage counts words, not tokens.
 *
 * @throws SpearError `invalid_request` when the request insists on a tool call that the user's message does not spell out.
 */
export function stubAnswer(request: cchat.Request): cchat.Response {
	const last = request.messages.at(-1);
	const call = last?.role === "user" ? requestedCall(request, textOf(last)) : undefined;
	const whole = call === undefined ? reply(request.messages) : "";
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

function reply(messages: readonly cchat.Message[]): string {
	const lastOther = messages.findLastIndex((message) => message.role !== "tool");
	const results = messages.slice(lastOther + 1);
	if (results.length > 0) return `stub: tool said ${results.map(textOf).join("\n")}`;
	const said = messages.findLast((message) => message.role === "user");
	return said === undefined ? "stub: you said nothing" : `stub: you said ${textOf(said)}`;
}

function requestedCall({ messages, tools, tool_choice: choice }: cchat.Request, text: string): cchat.ToolCall | undefined {
	const insists = choice?.type === "required" || choice?.type === "named";
	const call = spelledCall(text, tools);
	if (choice?.type !== "none" && call !== undefined && (choice?.type !== "named" || choice.named === call.name)) {
		const earlier = messages.reduce((sum, message) => sum + message.tool_calls.length, 0);
		return { id: `stub-call-${earlier + 1}`, ...call };
	}
	if (!insists) return undefined;
	const wanted = choice.type === "named" ? choice.named : "<tool>";
	throw new SpearError(
		"invalid_request",
		`tool_choice: the stub calls a tool only when the last user message says "call ${wanted} {…}" with JSON arguments`,
	);
}

/** The answer as far as `stop` and `max_output_tokens` let it come. */
function bounded(whole: string, params: cchat.Params | undefined): { readonly text: string; readonly cut: boolean } {
	const ends = (params?.stop ?? []).map((stop) => whole.indexOf(stop)).filter((index) => index >= 0);
	const text = ends.length === 0 ? whole : whole.slice(0, Math.min(...ends));
	const max = params?.max_output_tokens;
	if (max === undefined || countWords(text) <= max) return { text, cut: false };
	return { text: words(text).slice(0, max).join(""), cut: true };
}

function textOf(message: cchat.Message): string {
	return message.content.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n");
}
