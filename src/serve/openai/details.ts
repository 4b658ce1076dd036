import type { OpaquePart } from "../../../generated/ir/types.ts";
import { parseJson } from "../../formats/json.ts";
import { invalid } from "./errors.ts";
import { isObject } from "./fields.ts";

/** A part of an answer that no format of a client has a place for: reasoning at its place, signed reasoning, items that only the provider knows. */
export interface Detail {
	/** Number of UTF-16 code units of the answer's text before the part. */
	readonly offset: number;
	/** Visible reasoning. Absent for a part that only its provider understands. */
	readonly text: string | undefined;
	/** Absent for reasoning that the provider did not sign. The host's seal within protects provider, kind and bytes. */
	readonly sealed: OpaquePart | undefined;
}

const PREFIX = "spear1.";

/**
 * Returns the details of an answer as one token of letters, digits, `-`, `_` and `.`. A client returns the token with the next request.
 *
 * The token holds the visible reasoning too: some clients join pieces of reasoning, and others return only pieces with a signature.
 */
export function printDetails(details: readonly Detail[]): string {
	const items = details.map(({ offset, text, sealed }) => ({
		offset,
		...(text === undefined ? {} : { text }),
		...(sealed === undefined ? {} : { provider: sealed.provider, kind: sealed.kind, data: base64(sealed.data) }),
	}));
	return PREFIX + Buffer.from(JSON.stringify(items)).toString("base64url");
}

/**
 * Returns the details in a token.
 *
 * @param path Names the token in errors.
 * @throws RequestError for a text that this server cannot have sent.
 */
export function parseDetails(token: string, path: string): Detail[] {
	const items = token.startsWith(PREFIX) ? jsonOf(token.slice(PREFIX.length)) : undefined;
	if (!Array.isArray(items)) throw foreign(path);
	return items.map((item) => detailOf(item) ?? fail(path));
}

function jsonOf(text: string): unknown {
	try {
		return parseJson(Buffer.from(text, "base64url").toString());
	} catch {
		return undefined;
	}
}

function detailOf(item: unknown): Detail | undefined {
	if (!isObject(item)) return undefined;
	const { offset, text, provider, kind, data } = item;
	if (typeof offset !== "number" || !Number.isSafeInteger(offset) || offset < 0) return undefined;
	if (text !== undefined && typeof text !== "string") return undefined;
	if (typeof provider !== "string" || typeof kind !== "string" || typeof data !== "string")
		return text === undefined ? undefined : { offset, text, sealed: undefined };
	return { offset, text, sealed: { provider, kind, data: new Uint8Array(Buffer.from(data, "base64url")) } };
}

function foreign(path: string): Error {
	return invalid(path, "is not a value that this server has sent; return it as it was received, or leave it out");
}

function fail(path: string): never {
	throw foreign(path);
}

function base64(bytes: Uint8Array): string {
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}
