/** Replaces secrets in a text. `cut` says that the host has cut the text at its end, where a part of a secret may be left. */
export type RedactLine = (text: string, options?: { readonly cut?: boolean }) => string;

/** End of a line whose rest is missing. */
export const CUT_MARK = "… (cut)";

/** Text that is redacted beyond the limit of a line, in characters. Covers the end that a redactor drops from a cut text. */
const MARGIN = 8 * 1024;

/**
 * Returns a guest's line as the host may show it: redacted, and at most `bytes` bytes of UTF-8.
 *
 * The line is cut after the redaction. Otherwise the first part of a secret could be left before the cut.
 */
export function redactedLine(text: string, bytes: number, redact: RedactLine): string {
	const end = bytes + MARGIN;
	return text.length <= end ? cutUtf8(redact(text), bytes) : cutUtf8(redact(text.slice(0, end), { cut: true }), bytes, true);
}

/** Returns the beginning of a text from which {@link redactedLine} makes the same line as from the whole text. Bounds what is handed on. */
export function redactableBeginning(text: string, bytes: number): string {
	const end = bytes + MARGIN + 1;
	return text.length <= end ? text : text.slice(0, end);
}

/**
 * Returns the beginning of a text: at most `bytes` bytes of UTF-8, whole characters only, with a mark if something is missing.
 *
 * @param isCut True if the end of the text is missing already.
 */
export function cutUtf8(text: string, bytes: number, isCut = false): string {
	// A UTF-16 unit takes at least one byte, so nothing after `bytes` units can fit. Text of any length costs no more than the limit.
	const encoded = Buffer.from(text.length > bytes ? text.slice(0, bytes) : text);
	const room = bytes - (isCut ? Buffer.byteLength(CUT_MARK) : 0);
	if (text.length <= bytes && encoded.length <= room) return isCut ? text + CUT_MARK : text;
	const shown = encoded.subarray(0, Math.max(0, bytes - Buffer.byteLength(CUT_MARK)));
	// A stream waits for the rest of its last character, so a character that was cut is left out.
	return new TextDecoder("utf-8", { ignoreBOM: true }).decode(shown, { stream: true }) + CUT_MARK;
}
