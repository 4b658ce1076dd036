import type * as cchat from "../../../generated/ir/cchat.ts";
import type { Detail } from "./details.ts";

/** An answer of a model, sorted by the places that OpenAI's formats have. */
export interface AnswerParts {
	/** All text, joined. */
	readonly text: string;
	/** True if the answer holds a part of text. */
	readonly hasText: boolean;
	readonly refusal: string | undefined;
	readonly annotations: readonly cchat.Annotation[];
	/** All visible reasoning, joined. */
	readonly reasoning: string;
	/** Parts to return with the next request, in order. Empty if `reasoning` holds all. */
	readonly details: readonly Detail[];
}

/** Sorts the parts of an answer. */
export function answerParts({ content }: cchat.Message): AnswerParts {
	let text = "";
	let hasText = false;
	let refusal: string | undefined;
	let reasoning = "";
	const annotations: cchat.Annotation[] = [];
	const details: Detail[] = [];
	for (const part of content) {
		if (part.type === "text") {
			text += part.text;
			hasText = true;
		} else if (part.type === "refusal") refusal = (refusal ?? "") + part.refusal;
		else if (part.type === "annotation") annotations.push(part.annotation);
		else if (part.type === "reasoning") {
			const { text: said, sealed } = part.reasoning;
			reasoning += said;
			details.push({ offset: text.length, text: said, sealed });
		} else if (part.type === "opaque") details.push({ offset: text.length, text: undefined, sealed: part.opaque });
	}
	return { text, hasText, refusal, annotations, reasoning, details: isPlain(details) ? [] : details };
}

/** True for unsigned reasoning before the answer, as most models have it. */
function isPlain([only, ...more]: readonly Detail[]): boolean {
	return only === undefined || (more.length === 0 && only.offset === 0 && only.sealed === undefined);
}

/**
 * Returns the content of an assistant message with its details at their places in the text.
 *
 * @param texts Texts of the message. A detail may divide one of them.
 */
export function assistantContent(texts: readonly string[], details: readonly Detail[]): cchat.ContentPart[] {
	const content: cchat.ContentPart[] = [];
	// The server writes details in order. A client that changed the order gets it back: no part is lost.
	const waiting = details.toSorted((a, b) => a.offset - b.offset);
	let next = 0;
	let position = 0;
	const place = (end: number): void => {
		for (let detail = waiting[next]; detail !== undefined && detail.offset <= end; detail = waiting[++next]) content.push(partOf(detail));
	};
	for (const text of texts) {
		let begin = 0;
		place(position);
		for (let detail = waiting[next]; detail !== undefined && detail.offset < position + text.length; detail = waiting[next]) {
			content.push({ type: "text", text: text.slice(begin, detail.offset - position) });
			begin = detail.offset - position;
			place(detail.offset);
		}
		content.push({ type: "text", text: text.slice(begin) });
		position += text.length;
	}
	place(Infinity);
	return content;
}

function partOf({ text, sealed }: Detail): cchat.ContentPart {
	if (text !== undefined) return { type: "reasoning", reasoning: { text, ...(sealed === undefined ? {} : { sealed }) } };
	if (sealed !== undefined) return { type: "opaque", opaque: sealed };
	return { type: "reasoning", reasoning: { text: "" } };
}
