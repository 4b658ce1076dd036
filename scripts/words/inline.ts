/** Reduction of inline Markdown to countable words. */
import { countNewlines } from "./block.ts";

/** Stands for a code span, a URL or a `{@link}`: one word of unknown content. */
export const PLACEHOLDER = "\uFFFC";

const NO_BREAK_SPACE = "\u00A0";
const INLINE_TAG = /\{@\w+[^{}]*\}/g;
const LINK = /!?\[([^[\]]*)\](?:\([^()]*\)|\[[^[\]]*\])/g;
const AUTOLINK = /<https?:[^<>\s]*>/g;
const URL = /\bhttps?:\/\/[^\s<>()]*[^\s<>().,;:!?'"*_]/g;
const HTML_TAG = /<\/?[a-z][^<>]*>/gi;

/**
 * Reduces code spans, URLs and inline tags to one placeholder each. A link keeps its text with no-break spaces, so it counts as one
 * word and its words can still be matched.
 *
 * The number of newlines stays the same.
 */
export function maskInline(text: string): string {
	return maskCodeSpans(text)
		.replace(INLINE_TAG, (whole) => PLACEHOLDER + newlinesOf(whole))
		.replace(LINK, (whole, label: string) => label.trim().replace(/\s+/g, NO_BREAK_SPACE) + newlinesOf(whole))
		.replace(AUTOLINK, PLACEHOLDER)
		.replace(URL, PLACEHOLDER)
		.replace(HTML_TAG, (whole) => PLACEHOLDER + newlinesOf(whole));
}

/** A code span ends at the next run of as many backticks. A run without a partner is text. */
function maskCodeSpans(text: string): string {
	const runs = [...text.matchAll(/`+/g)].map((match) => ({ at: match.index, length: match[0].length }));
	const partners = partnersOf(runs.map(({ length }) => length));
	let masked = "";
	let copied = 0;
	for (let index = 0; index < runs.length; index += 1) {
		const [open, partner] = [runs[index], partners[index]];
		const close = partner === undefined ? undefined : runs[partner];
		if (open === undefined || partner === undefined || close === undefined) continue;
		const end = close.at + close.length;
		masked += text.slice(copied, open.at) + PLACEHOLDER + newlinesOf(text.slice(open.at, end));
		copied = end;
		index = partner;
	}
	return masked + text.slice(copied);
}

/** Index of the next run of equal length, for each run. One pass from the end keeps this linear. */
function partnersOf(lengths: readonly number[]): (number | undefined)[] {
	const next = new Map<number, number>();
	return lengths
		.map((length, index) => ({ length, index }))
		.reverse()
		.map(({ length, index }) => {
			const partner = next.get(length);
			next.set(length, index);
			return partner;
		})
		.reverse();
}

function newlinesOf(text: string): string {
	return "\n".repeat(countNewlines(text));
}
