import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { countOf, isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { finishReason } from "./finish-reason.ts";
import { takeSealed } from "./opaque.ts";

/** The content of an answer, collected from a whole completion or from the chunks of a stream. Both have the same result. */
export interface ChatAnswer {
	id: string | undefined;
	model: string | undefined;
	reasoning: string;
	/** Text and opaque content, in order. */
	content: cchat.ContentPart[];
	refusal: string;
	annotations: cchat.Annotation[];
	/** Opaque parts outside the content. */
	opaque: types.OpaquePart[];
	toolCalls: cchat.ToolCall[];
	/** Absent if a whole answer does not say why it ended. */
	finishReason: string | undefined;
	usage: types.Usage | undefined;
}

/**
 * Returns the result of an answer.
 *
 * @param requestedModel Replaces the model of an upstream that does not name it.
 */
export function chatResponse(answer: ChatAnswer, requestedModel: string): cchat.Response {
	const content: cchat.ContentPart[] = [];
	const opaque = answer.opaque.toSorted((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0));
	if (answer.reasoning !== "") {
		const sealed = takeSealed(opaque);
		content.push({ type: "reasoning", reasoning: { text: answer.reasoning, ...(sealed === undefined ? {} : { sealed }) } });
	}
	content.push(...answer.content);
	if (answer.refusal !== "") content.push({ type: "refusal", refusal: answer.refusal });
	for (const annotation of answer.annotations) content.push({ type: "annotation", annotation });
	for (const part of opaque) content.push({ type: "opaque", opaque: part });
	return {
		...(answer.id === undefined ? {} : { id: answer.id }),
		model: answer.model ?? requestedModel,
		message: { role: "assistant", content, tool_calls: answer.toolCalls },
		finish_reason: finishReason(answer.finishReason, answer.toolCalls.length > 0),
		...(answer.usage === undefined ? {} : { usage: answer.usage }),
	};
}

/**
 * Returns the reasoning of a message or a delta. Servers use either name.
 *
 * @param thinkingItems True if items of the content hold the reasoning.
 */
export function reasoningOf(message: Readonly<Record<string, unknown>>, thinkingItems = false): string | undefined {
	return textOf(message.reasoning_content) ?? textOf(message.reasoning) ?? (thinkingItems ? thinkingOf(message.content) : undefined);
}

/**
 * Returns true for an item of content that holds thinking as a list of texts.
 *
 * @see https://docs.mistral.ai/capabilities/reasoning
 */
export function isThinking(item: JsonObject): item is JsonObject & { readonly thinking: readonly unknown[] } {
	return item.type === "thinking" && Array.isArray(item.thinking);
}

function thinkingOf(content: unknown): string | undefined {
	if (!Array.isArray(content)) return undefined;
	const texts = content.flatMap((item: unknown) => (isObject(item) && isThinking(item) ? item.thinking : []));
	return textOf(texts.map((text) => (isObject(text) ? (textOf(text.text) ?? "") : "")).join(""));
}

/** Returns the URL citation in an annotation, or `undefined` for another type of annotation. */
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
