import type { OpaqueBlock } from "../../../kit/chat/answer.ts";
import { isObject, type JsonObject, textOf } from "../../../kit/json/guards.ts";
import { itemKind } from "./opaque.ts";

/** Separates the parts of a summary, which are paragraphs. */
export const PARAGRAPH = "\n\n";

/** Returns the reasoning that an item discloses: its summary, and the text of models that show their reasoning. */
export function reasoningText({ summary, content }: JsonObject): string {
	return [texts(summary).join(PARAGRAPH), texts(content).join("")].filter((text) => text !== "").join(PARAGRAPH);
}

/**
 * Returns the sealed form of a reasoning item: the members that the API accepts back. `undefined` if the upstream could not read it again,
 * because it neither kept the item nor disclosed or encrypted the reasoning.
 *
 * @param calls Number of function calls of the answer before the item.
 * @see https://github.com/BerriAI/litellm/issues/13420 (the API refuses `status`)
 */
export function sealedReasoning(
	{ id, summary, content, encrypted_content }: JsonObject,
	{ calls, isStored }: { readonly calls: number; readonly isStored: boolean },
): OpaqueBlock | undefined {
	const encrypted = textOf(encrypted_content);
	const disclosed = texts(content).length > 0 ? { content } : {};
	if (encrypted === undefined && !isStored && !("content" in disclosed)) return undefined;
	const item = {
		type: "reasoning",
		id,
		summary: Array.isArray(summary) ? summary : [],
		...disclosed,
		...(encrypted === undefined ? {} : { encrypted_content: encrypted }),
	};
	return { kind: itemKind("reasoning", calls), json: JSON.stringify(item) };
}

function texts(parts: unknown): string[] {
	return (Array.isArray(parts) ? parts : []).flatMap((part: unknown) => (isObject(part) ? (textOf(part.text) ?? []) : []));
}
