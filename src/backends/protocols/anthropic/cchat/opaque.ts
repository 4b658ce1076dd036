/**
 * Opaque parts: blocks of content that only the provider understands. The guest receives them, and the same provider receives them back.
 * The kind of a part is `content.<type>`, with the type of its block.
 *
 * Blocks of thinking are the sealed form of the reasoning. A block without a text, such as `redacted_thinking`, is an opaque part itself.
 */
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { isObject } from "../../../kit/json/guards.ts";

/** Types of blocks that the ABI has parts for. Otherwise a guest could send media past the rules for media. */
const OWN_TYPES = new Set(["text", "image", "document", "tool_use", "tool_result"]);

const THINKING_TYPES = new Set<unknown>(["thinking", "redacted_thinking"]);

/** Returns the kind of an opaque part with a block of this type. */
export function blockKind(type: string): string {
	return `content.${type}`;
}

/** Returns true for a block that holds thinking. */
export function isThinking(block: unknown): boolean {
	return block instanceof RawJson && isObject(block.value) && THINKING_TYPES.has(block.value.type);
}

/**
 * Returns the block in a part, for its provider. `undefined` for a type that the ABI has parts for.
 *
 * @param path Names the part in errors.
 * @throws SpearError `invalid_request` for a part that the API cannot have sent.
 */
export function returnedBlock(part: types.OpaquePart, path: string): RawJson | undefined {
	const raw = RawJson.from(part.data);
	if (raw === undefined) throw new SpearError("invalid_request", `${path}.data: it is not JSON; return a part as it was received`);
	const type = isObject(raw.value) && typeof raw.value.type === "string" ? raw.value.type : "";
	if (type === "" || blockKind(type) !== part.kind)
		throw new SpearError("invalid_request", `${path}.kind: "${guestName(part.kind)}" is not a part of this backend's messages`);
	return OWN_TYPES.has(type) ? undefined : raw;
}
