import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { appendText, type ChatAnswer } from "./answer.ts";

/**
 * Drops opaque parts that arrived in several fragments. The rule for joining fragments of an unknown kind is not known, so no fragment
 * is the provider's own text. Annotations always arrive whole.
 */
export function withoutFragments(
	content: readonly cchat.ContentPart[],
	opaqueMembers: readonly types.OpaquePart[],
): Pick<ChatAnswer, "content" | "opaque"> {
	const counts = new Map<string, number>();
	for (const { kind } of [...content.flatMap((part) => (part.type === "opaque" ? [part.opaque] : [])), ...opaqueMembers]) {
		counts.set(kind, (counts.get(kind) ?? 0) + 1);
	}
	const isWhole = ({ kind }: types.OpaquePart): boolean => kind.startsWith("annotations.") || counts.get(kind) === 1;
	const kept: cchat.ContentPart[] = [];
	for (const part of content) {
		if (part.type === "text") appendText(kept, part.text);
		else if (part.type !== "opaque" || isWhole(part.opaque)) kept.push(part);
	}
	return { content: kept, opaque: opaqueMembers.filter(isWhole) };
}
