import type * as cchat from "../../../../generated/ir/cchat.ts";
import type * as types from "../../../../generated/ir/types.ts";
import type { CallIds } from "./call-ids.ts";
import { opaquePart } from "./opaque-part.ts";
import { MAX_CITATION_CHARACTERS, MAX_CITATIONS, MAX_OPAQUE_PARTS } from "./part-bounds.ts";
import { countScalars } from "./scalars.ts";

/** Properties of a request that its answer is read with. Serves one answer. */
export interface AnswerContext {
	/** Replaces the model of an upstream that does not name it. */
	readonly model: string;
	/** Provider of the opaque parts. */
	readonly provider: string;
	/** Ids of the tool calls. */
	readonly ids: CallIds;
}

/** A part that only its provider understands, as the provider wrote it. */
export interface OpaqueBlock {
	/** Provider's name for the kind. */
	readonly kind: string;
	/** Text of the part. */
	readonly json: string;
}

/** A block of an answer, read from a whole answer or collected from the events of a stream. Both have the same result. */
export type AnswerBlock =
	| {
			readonly type: "text";
			readonly text: string;
			/** Sources. A range counts scalar values of this block. Without a range, the source is that of the whole block. */
			readonly citations?: readonly cchat.Annotation[];
	  }
	| {
			readonly type: "reasoning";
			/** Disclosed reasoning. If it is empty, the sealed form is an opaque part by itself. */
			readonly text: string;
			/** The provider's signed or encrypted form. */
			readonly sealed?: OpaqueBlock | undefined;
	  }
	| { readonly type: "call"; readonly call: cchat.ToolCall }
	| { readonly type: "refusal"; readonly text: string }
	| ({ readonly type: "opaque" } & OpaqueBlock);

/** Members of an answer beside its content. */
export interface AnswerEnd {
	readonly id?: string | undefined;
	/** Model that the upstream names. */
	readonly model?: string | undefined;
	readonly finishReason: cchat.FinishReason;
	readonly usage?: types.Usage | undefined;
}

/**
 * Returns the result of an answer. Refusals and annotations follow the other content.
 *
 * @param wrong Makes the error for an answer with too many parts. No part may be dropped unnoticed.
 */
export function chatResponse(
	blocks: readonly AnswerBlock[],
	{ id, model, finishReason, usage }: AnswerEnd,
	context: Pick<AnswerContext, "model" | "provider">,
	wrong: (what: string) => Error,
): cchat.Response {
	const content = new Content(context.provider, wrong);
	const calls: cchat.ToolCall[] = [];
	for (const block of blocks) {
		if (block.type === "call") calls.push(block.call);
		else content.add(block);
	}
	return {
		...(id === undefined ? {} : { id }),
		model: model ?? context.model,
		message: { role: "assistant", content: content.parts(), tool_calls: calls },
		finish_reason: finishReason,
		...(usage === undefined ? {} : { usage }),
	};
}

/** The content of a message, within the bounds on parts. */
class Content {
	readonly #provider: string;
	readonly #wrong: (what: string) => Error;
	readonly #parts: cchat.ContentPart[] = [];
	readonly #refusals: cchat.ContentPart[] = [];
	readonly #annotations: cchat.Annotation[] = [];
	#opaqueParts = 0;
	#citationCharacters = 0;
	/** Length of the text so far, in scalar values. */
	#length = 0;

	constructor(provider: string, wrong: (what: string) => Error) {
		this.#provider = provider;
		this.#wrong = wrong;
	}

	add(block: Exclude<AnswerBlock, { type: "call" }>): void {
		if (block.type === "text") this.#addText(block.text, block.citations ?? []);
		else if (block.type === "reasoning") this.#addReasoning(block.text, block.sealed);
		else if (block.type === "opaque") this.#parts.push({ type: "opaque", opaque: this.#opaque(block) });
		else if (block.text !== "") this.#refusals.push({ type: "refusal", refusal: block.text });
	}

	parts(): cchat.ContentPart[] {
		const annotations = this.#annotations.map((annotation): cchat.ContentPart => ({ type: "annotation", annotation }));
		return [...this.#parts, ...this.#refusals, ...annotations];
	}

	#addText(text: string, citations: readonly cchat.Annotation[]): void {
		const start = this.#length;
		this.#length += countScalars(text);
		// Blocks stay apart: some vendors compare what comes before a block of reasoning with what they have sent.
		if (text !== "") this.#parts.push({ type: "text", text });
		if (this.#annotations.length + citations.length > MAX_CITATIONS) throw this.#wrong(`it has more than ${MAX_CITATIONS} citations`);
		for (const { url = "", title = "" } of citations) this.#citationCharacters += url.length + title.length;
		if (this.#citationCharacters > MAX_CITATION_CHARACTERS)
			throw this.#wrong(`it has more than ${MAX_CITATION_CHARACTERS} characters in the addresses and titles of its citations`);
		for (const { start_index = 0, end_index = this.#length - start, ...citation } of citations)
			this.#annotations.push({ ...citation, start_index: start + start_index, end_index: start + end_index });
	}

	#addReasoning(text: string, sealed: OpaqueBlock | undefined): void {
		if (sealed === undefined) {
			if (text !== "") this.#parts.push({ type: "reasoning", reasoning: { text } });
			return;
		}
		const part = this.#opaque(sealed);
		this.#parts.push(text === "" ? { type: "opaque", opaque: part } : { type: "reasoning", reasoning: { text, sealed: part } });
	}

	#opaque({ kind, json }: OpaqueBlock): types.OpaquePart {
		if (++this.#opaqueParts > MAX_OPAQUE_PARTS)
			throw this.#wrong(`it has more than ${MAX_OPAQUE_PARTS} blocks that only its provider understands`);
		return opaquePart(this.#provider, kind, json);
	}
}
