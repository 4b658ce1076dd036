/** Returns at most `max` characters of a text. A cut text ends in an ellipsis, and never in half of a character. */
export function shorten(text: string, max: number): string {
	return text.length <= max ? text : `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
