import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { isObject, type JsonObject } from "../../../kit/json/guards.ts";
import type { JsonSource } from "../../../kit/json/source.ts";
import { appendText, citationOf } from "./answer.ts";
import { itemKind, opaquePart, unknownMembers } from "./opaque.ts";

/** Receives the parts of a message or of a delta. */
export interface PartSink {
	/** Receives text of the answer. */
	text(text: string): void;
	refusal(text: string): void;
	annotation(annotation: cchat.Annotation): void;
	/** Receives an opaque part. `content` means a position among the text. */
	opaque(part: types.OpaquePart, place: "content" | "message"): void;
}

/** Collects the parts of one message. */
export class Parts implements PartSink {
	/** Text and opaque content, in order. */
	readonly content: cchat.ContentPart[] = [];
	readonly annotations: cchat.Annotation[] = [];
	/** Opaque parts outside the content. */
	readonly opaqueMembers: types.OpaquePart[] = [];
	refusalText = "";

	text(text: string): void {
		appendText(this.content, text);
	}

	refusal(text: string): void {
		this.refusalText += text;
	}

	annotation(annotation: cchat.Annotation): void {
		this.annotations.push(annotation);
	}

	opaque(part: types.OpaquePart, place: "content" | "message"): void {
		if (place === "content") this.content.push({ type: "opaque", opaque: part });
		else this.opaqueMembers.push(part);
	}
}

export interface PartContext {
	/** Provider of the opaque parts. */
	readonly provider: string;
	/** Returns the message within the answer's text. Called only for opaque parts. */
	readonly source: () => JsonSource | undefined;
	/** Makes the error for a malformed member. `what` begins with its name. */
	readonly wrong: (what: string) => Error;
}

/** Passes the parts of a message to a sink, except reasoning and tool calls. */
export function readParts(message: JsonObject, sink: PartSink, context: PartContext): void {
	readContent(message.content ?? "", sink, context);
	const refusal = message.refusal ?? "";
	if (typeof refusal !== "string") throw context.wrong("refusal is not a string");
	if (refusal !== "") sink.refusal(refusal);
	const annotations: unknown = message.annotations;
	for (const [index, item] of (Array.isArray(annotations) ? annotations : []).entries()) {
		const citation = citationOf(item);
		if (citation !== undefined) sink.annotation(citation);
		else carry(itemKind("annotations", item), context.source()?.member("annotations")?.item(index), sink, context);
	}
	for (const name of unknownMembers(message)) carry(`message.${name}`, context.source()?.member(name), sink, context);
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
		if (item.type === "text") sink.text(textIn(item.text, context));
		else if (item.type === "refusal") sink.refusal(textIn(item.refusal, context));
		else carry(itemKind("content", item), context.source()?.member("content")?.item(index), sink, context, "content");
	}
}

function textIn(value: unknown, { wrong }: PartContext): string {
	if (typeof value !== "string") throw wrong("content holds text that is not a string");
	return value;
}

function carry(kind: string, source: JsonSource | undefined, sink: PartSink, { provider }: PartContext, place?: "content"): void {
	sink.opaque(opaquePart(provider, kind, source), place ?? "message");
}
