import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { appendText } from "../../../kit/chat/append-text.ts";
import { opaquePart } from "../../../kit/chat/opaque-part.ts";
import { MAX_CITATIONS, MAX_OPAQUE_PARTS } from "../../../kit/chat/part-bounds.ts";
import { isObject, type JsonObject } from "../../../kit/json/guards.ts";
import type { JsonSource } from "../../../kit/json/source.ts";
import { citationOf, isThinking } from "./answer.ts";
import { itemKind, unknownMembers } from "./opaque.ts";

/** Receives the parts of a message or of a delta. */
export interface PartSink {
	/** Receives text of the answer. */
	text(text: string): void;
	refusal(text: string): void;
	annotation(annotation: cchat.Annotation): void;
	/** Announces opaque parts of different kinds. Too many are refused before any is read, because that costs much more. */
	expectOpaque(count: number): void;
	/**
	 * Receives an opaque part. `content` means a position among the text.
	 *
	 * @param read Returns the part. Costs much more than the count of the part, so it is called for parts that are kept.
	 */
	opaque(kind: string, read: () => types.OpaquePart, place: "content" | "message"): void;
}

/** Collects the parts of one message. An answer with too many parts is malformed, because no part may be dropped unnoticed. */
export class Parts implements PartSink {
	/** Text and opaque content, in order. */
	readonly content: cchat.ContentPart[] = [];
	readonly annotations: cchat.Annotation[] = [];
	/** Opaque parts outside the content. */
	readonly opaqueMembers: types.OpaquePart[] = [];
	refusalText = "";
	readonly #wrong: (what: string) => Error;
	#opaqueParts = 0;

	/** @param wrong Makes the error for a message with too many parts. `what` is a predicate. */
	constructor(wrong: (what: string) => Error) {
		this.#wrong = wrong;
	}

	text(text: string): void {
		appendText(this.content, text);
	}

	refusal(text: string): void {
		this.refusalText += text;
	}

	annotation(annotation: cchat.Annotation): void {
		if (this.annotations.length === MAX_CITATIONS) throw this.#wrong(`has more than ${MAX_CITATIONS} citations`);
		this.annotations.push(annotation);
	}

	expectOpaque(count: number): void {
		if (count > MAX_OPAQUE_PARTS) throw this.#wrong(`has more than ${MAX_OPAQUE_PARTS} members and items that the API does not define`);
	}

	opaque(_kind: string, read: () => types.OpaquePart, place: "content" | "message"): void {
		this.expectOpaque(this.#opaqueParts + 1);
		this.#opaqueParts += 1;
		const part = read();
		if (place === "content") this.content.push({ type: "opaque", opaque: part });
		else this.opaqueMembers.push(part);
	}
}

export interface PartContext {
	/** Provider of the opaque parts. */
	readonly provider: string;
	/** True if items of the content hold the reasoning. The default is false. */
	readonly thinkingItems?: boolean | undefined;
	/** Returns the message within the answer's text. Called only for opaque parts. */
	readonly source: () => JsonSource | undefined;
	/** Makes the error for a malformed member. `what` begins with its name. */
	readonly wrong: (what: string) => Error;
}

/** Passes the parts of a message to a sink, except reasoning and tool calls. */
export function readParts(message: JsonObject, sink: PartSink, context: PartContext): void {
	const unknown = unknownMembers(message);
	sink.expectOpaque(unknown.length);
	readContent(message.content ?? "", sink, context);
	const refusal = message.refusal ?? "";
	if (typeof refusal !== "string") throw context.wrong("refusal is not a string");
	if (refusal !== "") sink.refusal(refusal);
	const annotations: unknown = message.annotations;
	for (const [index, item] of (Array.isArray(annotations) ? annotations : []).entries()) {
		const citation = citationOf(item);
		if (citation !== undefined) sink.annotation(citation);
		else carry(itemKind("annotations", item), () => context.source()?.member("annotations")?.item(index), sink, context);
	}
	for (const name of unknown) carry(`message.${name}`, () => context.source()?.member(name), sink, context);
}

/** Reads content: text, or a list of items, which some servers fill with more types than text. */
function readContent(content: unknown, sink: PartSink, context: PartContext): void {
	if (typeof content === "string") {
		if (content !== "") sink.text(content);
		return;
	}
	if (!Array.isArray(content)) throw context.wrong("content is neither a string nor a list");
	for (const [index, item] of content.entries()) {
		if (!isObject(item)) throw context.wrong("content holds something that is not an object");
		if (context.thinkingItems === true && isThinking(item)) continue; // Read by `reasoningOf`.
		if (item.type === "text") sink.text(textIn(item.text, context));
		else if (item.type === "refusal") sink.refusal(textIn(item.refusal, context));
		else carry(itemKind("content", item), () => context.source()?.member("content")?.item(index), sink, context, "content");
	}
}

function textIn(value: unknown, { wrong }: PartContext): string {
	if (typeof value !== "string") throw wrong("content holds text that is not a string");
	return value;
}

function carry(kind: string, source: () => JsonSource | undefined, sink: PartSink, { provider }: PartContext, place?: "content"): void {
	sink.opaque(kind, () => opaquePart(provider, kind, source()), place ?? "message");
}
