/** Applies the rules of `words.ts` to one file. */
import { ALLOWED_OPENINGS, ALLOWED_PHRASES, MAX_SENTENCE_WORDS, OPENINGS, PRONOUNS, TERMS } from "../words.ts";
import type { Block } from "./block.ts";
import { PLACEHOLDER } from "./inline.ts";
import { PhraseBook } from "./phrases.ts";
import { RowCounter } from "./row-counter.ts";
import { type Sentence, sentencesOf } from "./sentences.ts";
import { readerOf } from "./sources.ts";

export const RULES = ["opening", "pronoun", "length", "person", "verb", "name"] as const;

export interface Finding {
	/** Relative to the repository root. */
	readonly path: string;
	readonly line: number;
	readonly rule: (typeof RULES)[number];
	/** The fault, and what to write instead. */
	readonly message: string;
}

type Fault = Omit<Finding, "path">;

/** A term is reported wherever it stands, so not as an opening too. */
const openings = new PhraseBook(OPENINGS, [...ALLOWED_OPENINGS, ...TERMS.flatMap(({ phrases }) => phrases)]);
const pronouns = new PhraseBook([PRONOUNS]);
const terms = new PhraseBook(TERMS, ALLOWED_PHRASES);

/** Findings in the text of a file, by line. A file of a kind that is not checked has none. */
export function checkText(path: string, source: string): Finding[] {
	const blocks = readerOf(path)?.(source) ?? [];
	return blocks
		.flatMap((block) => [
			...sentencesOf(block).flatMap((sentence, index) => sentenceFaults(sentence, block, index === 0)),
			...termFaults(block, path),
		])
		.map((fault) => ({ path, ...fault }))
		.sort((a, b) => a.line - b.line);
}

function sentenceFaults(sentence: Sentence, { role }: Block, first: boolean): Fault[] {
	const opens = role === "opening" && first;
	const beginning = opens ? openingFault(sentence) : role === "label" ? undefined : pronounFault(sentence);
	return [beginning, lengthFault(sentence)].filter((fault) => fault !== undefined);
}

function openingFault({ text, line }: Sentence): Fault | undefined {
	const found = openings.findOpening(text);
	return found && { line, rule: "opening", message: `${quote(found.phrase)} opens a docstring; ${found.entry.write}` };
}

function pronounFault({ text, line }: Sentence): Fault | undefined {
	const found = pronouns.findOpening(text);
	return found && { line, rule: "pronoun", message: `${quote(found.phrase)} opens a sentence; ${found.entry.write}` };
}

function lengthFault({ text, line, words }: Sentence): Fault | undefined {
	if (words <= MAX_SENTENCE_WORDS) return undefined;
	const beginning = text.split(/\s+/, 5).join(" ").replaceAll(PLACEHOLDER, "`…`");
	return { line, rule: "length", message: `${quote(`${beginning} …`)} has ${words} words; split it, the limit is ${MAX_SENTENCE_WORDS}` };
}

function termFaults({ text, lines }: Block, path: string): Fault[] {
	const rows = new RowCounter(text);
	return terms
		.findAll(text)
		.filter(({ entry }) => entry.within?.test(path) ?? true)
		.map(({ entry: { rule, write }, phrase, at }) => {
			const line = lines[rows.rowAt(at)] ?? 0;
			return { line, rule, message: `${quote(phrase)}: write ${write}` };
		});
}

function quote(text: string): string {
	return `"${text.replace(/\s+/g, " ")}"`;
}
