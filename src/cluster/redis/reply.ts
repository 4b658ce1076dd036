import { StoreError } from "../store-error.ts";

/** Readers of replies. Each throws StoreError `invalid_value` for a reply of another form. */

/** Returns a list. */
export function listOf(reply: unknown): readonly unknown[] {
	if (Array.isArray(reply)) return reply;
	throw unexpected("a list", reply);
}

/** Returns the bytes of a reply. */
export function bytesOf(reply: unknown): Buffer {
	if (Buffer.isBuffer(reply)) return reply;
	throw unexpected("bytes", reply);
}

/** Returns a text. */
export function textOf(reply: unknown): string {
	if (typeof reply === "string") return reply;
	return bytesOf(reply).toString("utf8");
}

/** Returns a finite number. Scripts return numbers with a fraction as texts. */
export function numberOf(reply: unknown): number {
	const value = typeof reply === "number" ? reply : Number(textOf(reply) || Number.NaN);
	if (Number.isFinite(value)) return value;
	throw unexpected("a number", reply);
}

/** Returns what `read` makes of a reply; `undefined` for an absent one. */
export function optional<T>(reply: unknown, read: (present: unknown) => T): T | undefined {
	return reply === null || reply === undefined ? undefined : read(reply);
}

function unexpected(wanted: string, reply: unknown): StoreError {
	const found = reply === null ? "nothing" : Buffer.isBuffer(reply) ? `${reply.length} other bytes` : typeof reply;
	return new StoreError(
		"invalid_value",
		`the shared store holds ${found} in place of ${wanted}: another program writes to these keys, or another version`,
	);
}
