/** Returns the words of a text, each with the space before it. Space at the end counts as a word, so the joined words are the text. */
export function words(text: string): string[] {
	return text.match(/\s+\S*|\S+/g) ?? [];
}

/** Returns the number of words of a text. */
export function countWords(text: string): number {
	return text.match(/\S+/g)?.length ?? 0;
}
