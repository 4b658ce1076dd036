import type { JsonValue } from "../../generated/ir/json.ts";

/**
 * About how many tokens a text is: one for four bytes of UTF-8. That is close for prose in Latin letters and within a factor of two
 * for most other scripts, whose letters take two to four bytes each. Counts bytes without making them.
 */
export function textTokens(text: string): number {
	return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

/** The same of a value as JSON text, without making that. */
export function jsonTokens(value: JsonValue): number {
	let bytes = 0;
	const left: JsonValue[] = [value]; // A list, so that no nesting exhausts the stack.
	for (let item = left.pop(); item !== undefined; item = left.pop()) {
		bytes += PUNCTUATION_BYTES;
		if (typeof item === "string") bytes += Buffer.byteLength(item);
		else if (Array.isArray(item)) for (const member of item) left.push(member);
		else if (typeof item === "object" && item !== null) {
			for (const [name, member] of Object.entries(item)) {
				bytes += Buffer.byteLength(name) + PUNCTUATION_BYTES;
				left.push(member);
			}
		}
	}
	return Math.ceil(bytes / BYTES_PER_TOKEN);
}

const BYTES_PER_TOKEN = 4;

/** Quotes, a comma or a colon; or a short number. */
const PUNCTUATION_BYTES = 3;
