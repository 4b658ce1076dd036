import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { countOf, isObject, textOf } from "../../../kit/json/guards.ts";
import { takeSealed } from "./opaque.ts";

/**
 * An answer as far as it is known: what the whole completion says at once and the chunks of a stream say bit by bit. Both
 * ways fill this and `chatResponse` alone makes the result of it, so that both give the same.
 */
export interface ChatAnswer {
	id: string | undefined;
	model: string | undefined;
	reasoning: string;
	/** Text, and content that only the provider understands, in order. */
	said: cchat.ContentPart[];
	refusal: string;
	annotations: cchat.Annotation[];
	/** What only the provider understands, but for content. */
	opaque: types.OpaquePart[];
	toolCalls: cchat.ToolCall[];
	finishReason: string;
	usage: types.Usage | undefined;
}

/**
 * The result. A model that asks for tools is said to, whatever its upstream calls that: some say `stop` when the request
 * left no choice. `requestedModel` stands in for an upstream that does not name its model.
 */
export function chatResponse(answer: ChatAnswer, requestedModel: string): cchat.Response {
	const content: cchat.ContentPart[] = [];
	const opaque = answer.opaque.toSorted((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
	if (answer.reasoning !== "") {
		const sealed = takeSealed(opaque);
		content.push({ type: "reasoning", reasoning: { text: answer.reasoning, ...(sealed === undefined ? {} : { sealed }) } });
	}
	content.push(...answer.said);
	if (answer.refusal !== "") content.push({ type: "refusal", refusal: answer.refusal });
	for (const annotation of answer.annotations) content.push({ type: "annotation", annotation });
	for (const part of opaque) content.push({ type: "opaque", opaque: part });
	const finish_reason = finishReason(answer.finishReason);
	return {
		...(answer.id === undefined ? {} : { id: answer.id }),
		model: answer.model ?? requestedModel,
		message: { role: "assistant", content, tool_calls: answer.toolCalls },
		finish_reason: finish_reason === "stop" && answer.toolCalls.length > 0 ? "tool_calls" : finish_reason,
		...(answer.usage === undefined ? {} : { usage: answer.usage }),
	};
}

function finishReason(reason: string): cchat.FinishReason {
	switch (reason) {
		case "stop":
		case "length":
		case "tool_calls":
		case "content_filter":
			return reason;
		default:
			return "other";
	}
}

/** The reasoning of a message or a delta; compatible servers use either name. */
export function reasoningOf(message: Readonly<Record<string, unknown>>): string | undefined {
	return textOf(message.reasoning_content) ?? textOf(message.reasoning);
}

/** Appends text, to the part before it when that is text too. */
export function appendText(said: cchat.ContentPart[], text: string): void {
	const last = said.at(-1);
	if (text === "") return;
	if (last?.type === "text") last.text += text;
	else said.push({ type: "text", text });
}

/** The URL citation that an annotation is; `undefined` when it is something else. */
export function citationOf(item: unknown): cchat.Annotation | undefined {
	if (!isObject(item) || !isObject(item.url_citation)) return undefined;
	const value = item.url_citation;
	const url = textOf(value.url);
	const title = textOf(value.title);
	const start = countOf(value.start_index);
	const end = countOf(value.end_index);
	return {
		...(url === undefined ? {} : { url }),
		...(title === undefined ? {} : { title }),
		...(start === undefined ? {} : { start_index: start }),
		...(end === undefined ? {} : { end_index: end }),
	};
}
