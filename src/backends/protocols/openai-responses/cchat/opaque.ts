/**
 * Opaque parts: items of an answer that only the provider understands. The guest receives them, and the same provider receives them back.
 *
 * | kind | part |
 * | --- | --- |
 * | `output.<calls>.<type>` | an item of this type. `<calls>` is the number of function calls of the answer before it |
 * | `message.content.<type>` | a part of this type of a message |
 * | `message.phase` | the member `phase` of the message whose text follows |
 *
 * A reasoning item is the sealed form of the reasoning. Without a text, it is an opaque part itself.
 */
import type * as types from "../../../../../generated/ir/types.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import { RawJson } from "../../../../transport/http/raw-json.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import type { InputItem, OutputMessage } from "./api.ts";

export const PHASE = "message.phase";
export const CONTENT = "message.content.";

/** Types of items that the ABI has parts for, and references to items that may be another guest's. */
const OWN_TYPES = new Set(["message", "function_call", "function_call_output", "item_reference"]);

/** Returns the kind of a part with an item of this type. */
export function itemKind(type: string, calls: number): string {
	return `output.${calls}.${type}`;
}

/** Returns the kind of a part with content of this type. */
export function contentKind(type: unknown): string {
	return `${CONTENT}${textOf(type) ?? "unknown"}`;
}

export function isReasoning(item: InputItem): boolean {
	return item instanceof RawJson && isObject(item.value) && item.value.type === "reasoning";
}

/**
 * Returns the item in a part, for its provider, and the number of calls before it. `undefined` for a type that the ABI has parts for.
 *
 * @param path Names the part in errors.
 * @throws SpearError `invalid_request` for a part that the API cannot have sent.
 */
export function returnedItem(part: types.OpaquePart, path: string): { readonly raw: RawJson; readonly calls: number } | undefined {
	const raw = rawOf(part, path);
	const [, calls, type = ""] = /^output\.(\d{1,6})\.(.+)$/s.exec(part.kind) ?? [];
	if (calls === undefined || !isObject(raw.value) || raw.value.type !== type) throw foreign(part, path);
	return OWN_TYPES.has(type) ? undefined : { raw, calls: Number(calls) };
}

/** Returns the content in a part, for a message. */
export function returnedContent(part: types.OpaquePart, path: string): RawJson {
	const raw = rawOf(part, path);
	if (!isObject(raw.value) || contentKind(raw.value.type) !== part.kind) throw foreign(part, path);
	return raw;
}

/** Returns the phase in a part. `undefined` for a phase that the adapter does not know. */
export function returnedPhase(part: types.OpaquePart, path: string): OutputMessage["phase"] {
	const { value } = rawOf(part, path);
	return value === "commentary" || value === "final_answer" ? value : undefined;
}

function rawOf(part: types.OpaquePart, path: string): RawJson {
	const raw = RawJson.from(part.data);
	if (raw === undefined) throw new SpearError("invalid_request", `${path}.data: it is not JSON; return a part as it was received`);
	return raw;
}

function foreign({ kind }: types.OpaquePart, path: string): SpearError {
	return new SpearError("invalid_request", `${path}.kind: "${guestName(kind)}" is not a part of this backend's messages`);
}
