import { shorten } from "../formats/shorten.ts";
import { redactBeginning } from "./redact-beginning.ts";
import type { Redact } from "./secrets.ts";

/** Longest upstream text in a message for a guest, in characters. */
const MAX_GUEST_TEXT = 300;

/** Returns an upstream's text as a guest may see it: redacted, short, on one line, without URLs and without the upstream's host name. */
export function guestText(text: string, exchange: { readonly hostname: string; readonly redact: Redact }): string {
	const line = redactBeginning(text, exchange.redact)
		.replace(/\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s"'<>)\]]*/gi, "[url]")
		.replaceAll(exchange.hostname, "[host]")
		// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters and changes of the writing direction are the ones to replace
		.replace(/[\s\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]+/g, " ")
		.trim();
	return shorten(line, MAX_GUEST_TEXT);
}
