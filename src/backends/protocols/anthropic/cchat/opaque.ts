/**
 * Opaque parts: blocks of content that only the provider understands. The guest receives them, and the same provider receives them back.
 * The kind of a part is `content.<type>`, with the type of its block.
 *
 * Blocks of thinking are the sealed form of the reasoning. A block without a text, such as `redacted_thinking`, is an opaque part itself.
 */
import type * as types from "../../../../../generated/ir/types.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { returnedBlock } from "../../../kit/http/raw-blocks.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";

/** Types of blocks that the ABI has parts for. */
const OWN_TYPES = new Set(["text", "image", "document", "tool_use", "tool_result"]);

const THINKING_TYPES = new Set<unknown>(["thinking", "redacted_thinking"]);

/** Returns true for a block that holds thinking. */
export function isThinking(block: unknown): boolean {
	return block instanceof RawJson && isObject(block.value) && THINKING_TYPES.has(block.value.type);
}

/** Returns the block in a part. `undefined` for a type that the ABI has parts for. */
export function returned(part: types.OpaquePart, path: string): RawJson | undefined {
	return returnedBlock(part, path, { typeOf: (block) => (isObject(block) ? textOf(block.type) : undefined), own: OWN_TYPES });
}
