/** UTF-8 for the implementation of URLs, which needs no other encoding. */
import { utf8fromStringLoose, utf8toStringLoose } from "@exodus/bytes/utf8.js";

/** Returns the bytes of a text. */
export function utf8Encode(text: string): Uint8Array {
	return utf8fromStringLoose(text);
}

/** Returns the text of bytes, with U+FFFD for what is no UTF-8. Keeps a byte order mark. */
export function utf8DecodeWithoutBOM(bytes: Uint8Array): string {
	return utf8toStringLoose(bytes);
}

/**
 * Returns a text in which bytes outside printable ASCII, and the characters of a set, are escaped as `%20`.
 *
 * @param _encoding Always UTF-8: the class URL has no other.
 * @param set Printable characters to escape.
 * @see https://url.spec.whatwg.org/#string-percent-encode-after-encoding
 */
export function percentEncodeAfterEncoding(_encoding: string, text: string, set: string, spaceAsPlus = false): string {
	let encoded = "";
	for (const byte of utf8Encode(text)) {
		const character = String.fromCharCode(byte);
		if (spaceAsPlus && character === " ") encoded += "+";
		else if (byte < 0x20 || byte > 0x7e || set.includes(character)) encoded += `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
		else encoded += character;
	}
	return encoded;
}
