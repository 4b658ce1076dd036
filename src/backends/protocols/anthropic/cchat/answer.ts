import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { CallIds } from "../../../kit/chat/call-ids.ts";
import { opaquePart } from "../../../kit/chat/opaque-part.ts";
import { MAX_CITATIONS, MAX_OPAQUE_PARTS } from "../../../kit/chat/part-bounds.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { usageOf } from "../usage.ts";
import { blockKind } from "./opaque.ts";
import { finishReason } from "./stop-reason.ts";

/** Properties of a request that its answer is read with. Serves one answer. */
export interface AnswerContext {
	/** Replaces the model of an upstream that does not name it. */
	readonly model: string;
	/** Provider of the opaque parts. */
	readonly provider: string;
	/** Ids of the tool calls. */
	readonly ids: CallIds;
}

/** A block of an answer, read from a whole message or collected from the events of a stream. Both have the same result. */
export type AnswerBlock =
	| { readonly type: "text"; readonly text: string; readonly citations: readonly unknown[] }
	| { readonly type: "thinking"; readonly thinking: string; readonly signature: string }
	| { readonly type: "call"; readonly call: cchat.ToolCall }
	/** A block that only the provider understands, as it is written. */
	| { readonly type: "opaque"; readonly kind: string; readonly json: string };

/** Members of a message beside its content. */
export interface AnswerEnd {
	readonly id: string | undefined;
	readonly model: string | undefined;
	readonly stopReason: string;
	/** Reason of a refusal, in the provider's words. */
	readonly explanation: string | undefined;
	readonly usage: JsonObject;
}

/** Returns the provider's words about a refusal in `stop_details`. */
export function explanationOf(stopDetails: unknown): string | undefined {
	return isObject(stopDetails) && stopDetails.type === "refusal" ? textOf(stopDetails.explanation) : undefined;
}

/**
 * Returns the result of an answer.
 *
 * @param wrong Makes the error for an answer with too many parts. No part may be dropped unnoticed.
 */
export function chatResponse(
	blocks: readonly AnswerBlock[],
	end: AnswerEnd,
	{ model, provider }: AnswerContext,
	wrong: (what: string) => Error,
): cchat.Response {
	const content: cchat.ContentPart[] = [];
	const calls: cchat.ToolCall[] = [];
	const annotations: cchat.Annotation[] = [];
	let opaqueParts = 0;
	let length = 0;
	const opaque = (kind: string, json: string): types.OpaquePart => {
		if (++opaqueParts > MAX_OPAQUE_PARTS) throw wrong(`it has more than ${MAX_OPAQUE_PARTS} blocks that only its provider understands`);
		return opaquePart(provider, kind, json);
	};
	for (const block of blocks) {
		if (block.type === "text") {
			const start = length;
			length += scalars(block.text);
			// Blocks stay apart: the API compares what comes before a block of thinking with what it has sent.
			if (block.text !== "") content.push({ type: "text", text: block.text });
			if (annotations.length + block.citations.length > MAX_CITATIONS) throw wrong(`it has more than ${MAX_CITATIONS} citations`);
			annotations.push(...block.citations.map((citation) => annotation(citation, start, length)));
		} else if (block.type === "thinking") content.push(reasoningPart(block, opaque));
		else if (block.type === "call") calls.push(block.call);
		else content.push({ type: "opaque", opaque: opaque(block.kind, block.json) });
	}
	if (end.explanation !== undefined) content.push({ type: "refusal", refusal: end.explanation });
	for (const item of annotations) content.push({ type: "annotation", annotation: item });
	const usage = usageOf(end.usage);
	return {
		...(end.id === undefined ? {} : { id: end.id }),
		model: end.model ?? model,
		message: { role: "assistant", content, tool_calls: calls },
		finish_reason: finishReason(end.stopReason, calls.length > 0),
		...(usage === undefined ? {} : { usage }),
	};
}

/** Returns the part of a block of thinking. Without a text, only its provider understands it. */
function reasoningPart(
	{ thinking, signature }: Extract<AnswerBlock, { type: "thinking" }>,
	opaque: (kind: string, json: string) => types.OpaquePart,
): cchat.ContentPart {
	if (signature === "") return { type: "reasoning", reasoning: { text: thinking } };
	const sealed = opaque(blockKind("thinking"), JSON.stringify({ type: "thinking", thinking, signature }));
	return thinking === "" ? { type: "opaque", opaque: sealed } : { type: "reasoning", reasoning: { text: thinking, sealed } };
}

/** Returns a citation of the text in a range, in Unicode scalar values. */
function annotation(citation: unknown, start_index: number, end_index: number): cchat.Annotation {
	const { url, title, document_title, source } = isObject(citation) ? citation : {};
	const link = textOf(url) ?? (isUrl(source) ? source : undefined);
	const name = textOf(title) ?? textOf(document_title);
	return { ...(link === undefined ? {} : { url: link }), ...(name === undefined ? {} : { title: name }), start_index, end_index };
}

function isUrl(value: unknown): value is string {
	return typeof value === "string" && /^https?:\/\//i.test(value);
}

function scalars(text: string): number {
	let count = text.length;
	for (let at = 0; at < text.length; at++) {
		if ((text.codePointAt(at) ?? 0) > 0xffff) {
			count--;
			at++;
		}
	}
	return count;
}
