/** Sentences of a block. */
import { ABBREVIATIONS } from "../words.ts";
import type { Block } from "./block.ts";
import { PLACEHOLDER } from "./inline.ts";
import { RowCounter } from "./row-counter.ts";

export interface Sentence {
	readonly text: string;
	/** Line on which the sentence begins. */
	readonly line: number;
	/** Number of words. A code span, a link or a URL is one word. */
	readonly words: number;
}

/** Text between breakable white space. A no-break space joins the words of a link. */
const TOKEN = /[^ \t\n\r]+/g;
const WORD = new RegExp(`[\\p{L}\\p{N}${PLACEHOLDER}]`, "u");
const OPENING_MARKS = /^["'“‘([*_]+/;
const CLOSING_MARKS: ReadonlySet<string> = new Set("\"'”’)]*_");
const LOWER_CASE = /^["'“‘([*_]*\p{Ll}/u;

interface Token {
	readonly value: string;
	readonly from: number;
	readonly to: number;
	readonly line: number;
}

/** Splits a block into sentences. A code span, a decimal, a URL or an abbreviation does not end one. */
export function sentencesOf(block: Block): Sentence[] {
	const sentences: Sentence[] = [];
	const tokens = tokensOf(block);
	let first = 0;
	for (const [index, token] of tokens.entries()) {
		const next = tokens[index + 1];
		if (next !== undefined && !endsSentence(token.value, next.value)) continue;
		const own = tokens.slice(first, index + 1);
		first = index + 1;
		const words = own.filter(({ value }) => WORD.test(value)).length;
		const { from, line } = own[0] ?? token;
		if (words > 0) sentences.push({ text: block.text.slice(from, token.to), line, words });
	}
	return sentences;
}

function tokensOf({ text, lines }: Block): Token[] {
	const rows = new RowCounter(text);
	return [...text.matchAll(TOKEN)].map(({ 0: value, index }) => {
		return { value, from: index, to: index + value.length, line: lines[rows.rowAt(index)] ?? 0 };
	});
}

function endsSentence(token: string, next: string): boolean {
	let end = token.length;
	while (CLOSING_MARKS.has(token[end - 1] ?? "")) end -= 1;
	const core = token.slice(0, end).replace(OPENING_MARKS, "");
	if (!/[.!?…]$/.test(core) || !WORD.test(core)) return false;
	const word = core.slice(0, -1).toLowerCase();
	if (ABBREVIATIONS.includes(word)) return false;
	const maybe = end < token.length || word === "etc" || /(?:\.\.|…)$/.test(core);
	return !(maybe && LOWER_CASE.test(next));
}
