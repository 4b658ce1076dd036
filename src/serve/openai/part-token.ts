import type { OpaquePart } from "../../../generated/ir/types.ts";
import { invalid } from "./errors.ts";

/**
 * A part of an answer that OpenAI's formats have no place for: signed reasoning, encrypted state, items that only the provider knows. The
 * client receives a token, and returns the token with the next request. The host's seal within protects provider, kind and bytes.
 */
export interface PartToken {
	/** Number of UTF-16 code units of the answer's text before the part. */
	readonly offset: number;
	/** Number of UTF-16 code units of the reasoning that the part belongs to. `undefined` for a part without visible reasoning. */
	readonly reasoning: number | undefined;
	/** Absent for reasoning that the provider did not sign. */
	readonly sealed: OpaquePart | undefined;
}

const PREFIX = "spear1";

/** Largest offset: longer texts do not fit into a request. */
const NUMBER = /^\d{1,9}$/;

/** Returns the text of a token: letters, digits, `-`, `_` and `.`. */
export function printToken({ offset, reasoning, sealed }: PartToken): string {
	const head = [PREFIX, String(offset), reasoning === undefined ? "" : String(reasoning)];
	if (sealed === undefined) return head.join(".");
	const { provider, kind, data } = sealed;
	return [...head, base64url(provider), base64url(kind), base64url(data)].join(".");
}

/**
 * Returns the token in a text of a client.
 *
 * @param path Names the text in errors.
 * @throws RequestError for a text that this server cannot have sent.
 */
export function parseToken(text: string, path: string): PartToken {
	const [prefix, offset = "", reasoning = "", provider, kind, data, ...more] = text.split(".", 8);
	if (prefix !== PREFIX || !NUMBER.test(offset) || !(reasoning === "" || NUMBER.test(reasoning)) || more.length > 0) throw foreign(path);
	const place = { offset: Number(offset), reasoning: reasoning === "" ? undefined : Number(reasoning) };
	if (provider === undefined) {
		if (place.reasoning === undefined) throw foreign(path);
		return { ...place, sealed: undefined };
	}
	if (kind === undefined || data === undefined) throw foreign(path);
	const sealed = { provider: utf8(provider), kind: utf8(kind), data: new Uint8Array(Buffer.from(data, "base64url")) };
	return { ...place, sealed };
}

function foreign(path: string): Error {
	return invalid(path, "is not a value that this server has sent; return it as it was received, or leave it out");
}

function base64url(value: string | Uint8Array): string {
	const bytes = typeof value === "string" ? Buffer.from(value) : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
	return bytes.toString("base64url");
}

function utf8(text: string): string {
	return Buffer.from(text, "base64url").toString();
}
