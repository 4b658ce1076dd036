import { archiveFault } from "./archive/archive.ts";

/** Beginning of the vocabulary in the tokenizer's source: the base64 of its tokens, a line each. */
const VOCABULARY = 'llama_vocab_base64 = "';
/** Tokens that the recogniser has beside the vocabulary. */
const OWN_TOKENS = 768;

/**
 * Returns the list of tokens that the recogniser reads: a line each, of the base64 of the token's bytes and its number. The vocabulary is
 * a text in the source of a package, which is read as data and never run.
 *
 * @throws SpearError for a source without a vocabulary.
 */
export function moonshineTokens(source: string): string {
	const start = source.indexOf(VOCABULARY) + VOCABULARY.length;
	const end = source.indexOf('"', start);
	if (start < VOCABULARY.length || end === -1) throw archiveFault("has no vocabulary in the place where this version looks for one");
	const vocabulary = Buffer.from(source.slice(start, end), "base64").toString("utf8").split("\n");
	const own = Array.from({ length: OWN_TOKENS }, (_, index) => Buffer.from(`<<ST_${index}>>`));
	const tokens = [...vocabulary.map(bytesOf), ...own];
	return `${tokens.map((bytes, id) => `${bytes.toString("base64")} ${id}`).join("\n")}\n`;
}

/** Returns the bytes that a token stands for: `▁` is a blank, and `<0x41>` one byte. */
function bytesOf(token: string): Buffer {
	const byte = /^<0x([0-9A-F]{2})>$/.exec(token)?.[1];
	return byte === undefined ? Buffer.from(token.replaceAll("▁", " ")) : Buffer.from(byte, "hex");
}
