/** A text's words, each with the space before it, and the space after the last as one more: joined, they are the text. */
export function words(text: string): string[] {
	return text.match(/\s*\S+|\s+$/g) ?? [];
}

/** How many words a text has. */
export function countWords(text: string): number {
	return text.match(/\S+/g)?.length ?? 0;
}
