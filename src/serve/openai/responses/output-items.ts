import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { AnswerParts } from "../assistant-parts.ts";
import { printDetails } from "../details.ts";

/** State of an item. */
export type ItemStatus = "in_progress" | "completed" | "incomplete";

/** Ids of the items of one answer. */
export class ItemIds {
	readonly #requestId: string;

	constructor(requestId: string) {
		this.#requestId = requestId;
	}

	get response(): string {
		return `resp_${this.#requestId}`;
	}

	get reasoning(): string {
		return `rs_${this.#requestId}`;
	}

	get message(): string {
		return `msg_${this.#requestId}`;
	}

	call(index: number): string {
		return `fc_${this.#requestId}_${index}`;
	}
}

/**
 * Returns the item of all reasoning and of all parts that only their provider understands. `encrypted_content` holds all of them.
 *
 * @param parts Absent for an item whose answer is not complete.
 */
export function reasoningItem(ids: ItemIds, status: ItemStatus, parts?: AnswerParts): object {
	const summary = parts === undefined || parts.reasoning === "" ? [] : [{ type: "summary_text", text: parts.reasoning }];
	const details = parts?.details ?? [];
	const encrypted = details.length === 0 ? {} : { encrypted_content: printDetails(details) };
	return { id: ids.reasoning, type: "reasoning", status, summary, ...encrypted };
}

/** Returns true if an answer has an item of reasoning. */
export function hasReasoning({ reasoning, details }: AnswerParts): boolean {
	return reasoning !== "" || details.length > 0;
}

export function messageItem(ids: ItemIds, status: ItemStatus, content: readonly object[]): object {
	return { id: ids.message, type: "message", status, role: "assistant", content };
}

export function textPart(text: string, annotations: readonly cchat.Annotation[] = []): object {
	return { type: "output_text", text, annotations: annotations.map(urlCitation), logprobs: [] };
}

export function refusalPart(refusal: string): object {
	return { type: "refusal", refusal };
}

export function urlCitation(annotation: cchat.Annotation): object {
	return { type: "url_citation", ...annotation };
}

export function callItem(ids: ItemIds, index: number, status: ItemStatus, call: cchat.ToolCall): object {
	return { id: ids.call(index), type: "function_call", status, call_id: call.id, name: call.name, arguments: call.arguments };
}
