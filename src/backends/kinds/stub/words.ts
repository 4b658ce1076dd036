/** Returns the words of a text, each with the space before it. Space at the end counts as a word, so the joined words are the text. */
export function words(text: string): string[] {
	return text.match(/\s+\S*|\S+/g) ?? [];
}

/** Characters of a text whose words are counted. A guest may send 100 MB, and nothing else runs meanwhile. */
const MAX_COUNTED = 262_144;

/** Characters of a word, with the space before it, where words are not counted. */
const WORD_LENGTH = 6;

/** Returns the number of words of a text. Estimates those beyond the first 262,144 characters. */
export function countWords(text: string): number {
	const counted = text.slice(0, MAX_COUNTED).match(/\S+/g)?.length ?? 0;
	return counted + Math.ceil(Math.max(0, text.length - MAX_COUNTED) / WORD_LENGTH);
}
