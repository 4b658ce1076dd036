/**
 * Opaque parts: blocks of content that only the provider understands. The guest receives them, and the same provider receives them back.
 * A block is an object with one member, and the kind of its part is `content.<member>`. The signed form of reasoning is such a block.
 */
import type * as types from "../../../../../generated/ir/types.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { blockKind, returnedBlock } from "../../../kit/http/raw-blocks.ts";
import { isObject } from "../../../kit/json/guards.ts";

/** Member of a block of reasoning. */
const REASONING = "reasoningContent";

/** Members of blocks that the ABI has parts for. */
const OWN_MEMBERS = new Set(["text", "image", "audio", "video", "document", "toolUse", "toolResult", "cachePoint"]);

/** Returns the signed form of a text, or an encrypted form. */
export function sealedReasoning(content: { readonly reasoningText: object } | { readonly redactedContent: string }) {
	return { kind: blockKind(REASONING), json: JSON.stringify({ [REASONING]: content }) };
}

/** Returns true for a block of reasoning. */
export function isReasoning(block: unknown): boolean {
	return block instanceof RawJson && memberOf(block.value) === REASONING;
}

/** Returns the name of the first member of a block. `undefined` if it has none. */
export function memberOf(block: unknown): string | undefined {
	return isObject(block) ? Object.keys(block)[0] : undefined;
}

/** Returns the block in a part. `undefined` for a block that the ABI has parts for. */
export function returned(part: types.OpaquePart, path: string): RawJson | undefined {
	const typeOf = (block: unknown): string | undefined => (Object.keys(Object(block)).length === 1 ? memberOf(block) : undefined);
	return returnedBlock(part, path, { typeOf, own: OWN_MEMBERS });
}
