import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { isObject, type JsonObject } from "../../../kit/json/guards.ts";
import type { JsonSource } from "../../../kit/json/source.ts";
import { appendText, citationOf } from "./answer.ts";
import { itemKind, opaquePart, unknownMembers } from "./opaque.ts";

/** What a message, or one delta of it, adds to the answer. */
export interface PartSink {
	/** More text of the answer. */
	text(text: string): void;
	refusal(text: string): void;
	annotation(annotation: cchat.Annotation): void;
	/** Something only the provider understands; `content` when its place is among the text. */
	opaque(part: types.OpaquePart, place: "content" | "message"): void;
}

/** Keeps what is added, for one message. */
export class Parts implements PartSink {
	readonly said: cchat.ContentPart[] = [];
	readonly annotations: cchat.Annotation[] = [];
	readonly others: types.OpaquePart[] = [];
	refused = "";

	text(text: string): void {
		appendText(this.said, text);
	}

	refusal(text: string): void {
		this.refused += text;
	}

	annotation(annotation: cchat.Annotation): void {
		this.annotations.push(annotation);
	}

	opaque(part: types.OpaquePart, place: "content" | "message"): void {
		if (place === "content") this.said.push({ type: "opaque", opaque: part });
		else this.others.push(part);
	}
}

export interface PartContext {
	/** Whose parts they are. */
	readonly provider: string;
	/** Where the message stands in the answer's text; asked only when something must be carried as it is. */
	readonly source: () => JsonSource | undefined;
	/** Makes the error for a member that is not what it should be; `what` begins with its name. */
	readonly wrong: (what: string) => Error;
}

/** Hands all that a message says, but for reasoning and tool calls, to a sink. */
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

/** Content is text, or a list of items of which some servers make more kinds than text. */
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
