import { HttpError } from "../http-error.ts";

/** Longest key, in bytes, as the queue has it. */
const MAX_BYTES = 256;

/**
 * Returns the idempotency key of a submission: the header `Idempotency-Key`, as a quoted string of RFC 8941 or as it is, or the member of the body.
 *
 * @throws HttpError 400 for a key that is empty, too long or no text, and for two keys that differ.
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function idempotencyKeyOf(headers: Headers, member: unknown): string | undefined {
	const header = headers.get("idempotency-key");
	const fromHeader = header === null ? undefined : checked(unquoted(header), "Idempotency-Key");
	const fromBody = member === undefined || member === null ? undefined : checked(member, "idempotency_key");
	if (fromHeader !== undefined && fromBody !== undefined && fromHeader !== fromBody)
		throw invalid("idempotency_key", "the header Idempotency-Key has another key; send one of them");
	return fromHeader ?? fromBody;
}

function checked(key: unknown, param: string): string {
	if (typeof key === "string" && key !== "" && Buffer.byteLength(key) <= MAX_BYTES) return key;
	throw invalid(param, `it must be a text of 1 to ${MAX_BYTES} bytes`);
}

function unquoted(text: string): string {
	const isQuoted = text.length >= 2 && text.startsWith('"') && text.endsWith('"');
	return isQuoted ? text.slice(1, -1).replaceAll(/\\(["\\])/g, "$1") : text;
}

function invalid(param: string, message: string): HttpError {
	return new HttpError(400, "invalid_request", `${param}: ${message}`, { param });
}
