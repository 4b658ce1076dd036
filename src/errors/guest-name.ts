import { shorten } from "../formats/shorten.ts";

/** Longest name in a message, in characters. */
const MAX_NAME_LENGTH = 200;

/**
 * Returns a name that a guest chose (model, tool, call id, voice, …) for a message or a log field. A name of more than 200 characters is
 * cut and ends in an ellipsis. Line breaks, control characters and changes of writing direction are escaped.
 */
export function guestName(name: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: matches the control characters to escape
	return shorten(name, MAX_NAME_LENGTH).replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (found) => {
		if (found === "\n") return "\\n";
		return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
	});
}
