/**
 * Opaque parts: what only the provider understands. The guest receives them, and the same provider receives them back. The kind of a
 * part names its place:
 *
 * | kind | holds |
 * | --- | --- |
 * | `content.<type>` | a whole part; the type is its first member, or `thought` |
 * | `text.thoughtSignature` | the signature of the text before it |
 * | `tool_calls.<index>.thoughtSignature` | the signature of one of the message's tool calls |
 *
 * A signature goes back with exactly the part that it came with. Otherwise the API refuses the conversation.
 *
 * @see https://ai.google.dev/gemini-api/docs/thought-signatures
 */
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { isObject, type JsonObject } from "../../../kit/json/guards.ts";

/** Kind of the signature of a text. */
export const TEXT_SIGNATURE = "text.thoughtSignature";

/** Types of parts that the ABI has parts for, and references to the provider's files. A guest could otherwise send media past the rules. */
const OWN_TYPES = new Set(["functionCall", "functionResponse", "fileData"]);

/** Members that say nothing about the type of a part. */
const SIDE_MEMBERS = new Set(["thoughtSignature", "thought", "partMetadata", "videoMetadata", "mediaResolution"]);

/** Returns the kind of a whole part. */
export function partKind(part: JsonObject): string {
	const type = part.thought === true ? "thought" : Object.keys(part).find((name) => !SIDE_MEMBERS.has(name));
	return `content.${type ?? "unknown"}`;
}

/** Returns the kind of the signature of a tool call. */
export function callSignature(index: number): string {
	return `tool_calls.${index}.thoughtSignature`;
}

/** A part that goes back to its provider. */
export type Returned =
	| { readonly place: "content"; readonly part: RawJson }
	| { readonly place: "text"; readonly signature: string }
	| { readonly place: "call"; readonly index: number; readonly signature: string };

/**
 * Reads an opaque part for its provider. Returns `undefined` for a part that must not go back.
 *
 * @param path Names the part in errors.
 * @throws SpearError `invalid_request` for a part that the API cannot have sent.
 */
export function returnedPart({ kind, data }: types.OpaquePart, path: string): Returned | undefined {
	const raw = RawJson.from(data);
	if (raw === undefined) throw new SpearError("invalid_request", `${path}.data: it is not JSON; return a part as it was received`);
	const { value } = raw;
	if (isObject(value) && partKind(value) === kind)
		return Object.keys(value).some((name) => OWN_TYPES.has(name)) ? undefined : { place: "content", part: raw };
	const [, index] = /^tool_calls\.(\d{1,6})\.thoughtSignature$/.exec(kind) ?? [];
	if (typeof value === "string" && index !== undefined) return { place: "call", index: Number(index), signature: value };
	if (typeof value === "string" && kind === TEXT_SIGNATURE) return { place: "text", signature: value };
	throw new SpearError("invalid_request", `${path}.kind: "${guestName(kind)}" is not a part of this backend's messages`);
}
