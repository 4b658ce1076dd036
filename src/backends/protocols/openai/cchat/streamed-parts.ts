import type * as cchat from "../../../../../generated/ir/cchat.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { appendText } from "../../../kit/chat/append-text.ts";
import type { ChatAnswer } from "./answer.ts";
import { Parts } from "./parts.ts";

/**
 * Collects the parts of a stream. Drops opaque parts that arrive in several fragments: the rule for joining fragments of an unknown kind is
 * not known, so no fragment is the provider's own text. Annotations always arrive whole.
 */
export class StreamedParts extends Parts {
	/** Kinds that have arrived. Bounded, because each kind keeps a part. */
	readonly #kinds = new Set<string>();
	/** Kinds that arrived more than once. */
	readonly #fragmented = new Set<string>();

	override opaque(kind: string, read: () => types.OpaquePart, place: "content" | "message"): void {
		if (kind.startsWith("annotations.")) super.opaque(kind, read, place);
		else if (this.#kinds.has(kind)) this.#fragmented.add(kind);
		else {
			super.opaque(kind, read, place);
			this.#kinds.add(kind);
		}
	}

	/** Returns the parts that arrived whole. Call it at the end of the stream. */
	whole(): Pick<ChatAnswer, "content" | "opaque"> {
		const isWhole = ({ kind }: types.OpaquePart): boolean => !this.#fragmented.has(kind);
		const kept: cchat.ContentPart[] = [];
		for (const part of this.content) {
			if (part.type === "text") appendText(kept, part.text);
			else if (part.type !== "opaque" || isWhole(part.opaque)) kept.push(part);
		}
		return { content: kept, opaque: this.opaqueMembers.filter(isWhole) };
	}
}
