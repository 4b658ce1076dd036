/** A line of text and its number in the file, from 1. */
export interface Line {
	readonly text: string;
	readonly number: number;
}

/**
 * Text in which sentences are counted: a paragraph, a list item, a heading or a table cell.
 *
 * - `opening`: the first block of a docstring.
 * - `prose`: any other paragraph or list item.
 * - `label`: a heading or a table cell.
 */
export type Role = "opening" | "prose" | "label";

export interface Block {
	readonly role: Role;
	/** Lines joined by a newline, with code spans and links reduced to one word each. */
	readonly text: string;
	/** Line number of each line of `text`. */
	readonly lines: readonly number[];
}

/** Splits a file or a part of one into lines. `first` is the number of its first line. The default is 1. */
export function linesOf(text: string, first = 1): Line[] {
	return text.split(/\r?\n/).map((line, index) => ({ text: line, number: first + index }));
}

/** Number of newlines in a text. */
export function countNewlines(text: string): number {
	let count = 0;
	for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
	return count;
}
