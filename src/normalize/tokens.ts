import type { JsonValue } from "../../generated/ir/json.ts";

/**
 * Estimates the tokens of a text: one for four bytes of UTF-8. Close for prose in Latin letters, and within a factor of two for most
 * other scripts, whose letters have two to four bytes. Counts the bytes without encoding the text.
 */
export function textTokens(text: string): number {
	return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** Estimates the tokens of a value as JSON text, without creating the text. */
export function jsonTokens(value: JsonValue): number {
	let bytes = 0;
	const open: JsonValue[] = [value]; // A list, so that deep nesting cannot exhaust the stack.
	for (let item = open.pop(); item !== undefined; item = open.pop()) {
		bytes += PUNCTUATION_BYTES;
		if (typeof item === "string") bytes += Buffer.byteLength(item);
		else if (Array.isArray(item)) for (const member of item) open.push(member);
		else if (typeof item === "object" && item !== null) {
			for (const [name, member] of Object.entries(item)) {
				bytes += Buffer.byteLength(name) + PUNCTUATION_BYTES;
				open.push(member);
			}
		}
	}
	return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** Common for English prose with the tokenizers of current models. */
const BYTES_PER_TOKEN = 4;

/** Bytes of the punctuation around a value or a name: two quotes and a comma or colon. Also about the length of a number. */
const PUNCTUATION_BYTES = 3;
