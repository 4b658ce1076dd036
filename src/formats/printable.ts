/** Returns text with control characters escaped as `\x1b`, except line breaks and tabs, and changes of the writing direction as `\u202e`. */
export function printable(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: matches the control characters to escape
	return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (found) => {
		const code = found.charCodeAt(0).toString(16);
		return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
	});
}
