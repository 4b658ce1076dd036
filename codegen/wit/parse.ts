/** Text of one WIT file → syntax tree and located diagnostics. A faulty file still yields the tree of what is sound. */
import type { DiagnosticCollector } from "../diagnostics/collector.ts";
import { type Expectation, runGrammar } from "./grammar.ts";
import { type Mended, mend, openBraces } from "./recover.ts";
import { type Comment, scan, type Token, tooDeep } from "./scan.ts";
import type { SourceFile } from "./source-file.ts";
import type { FileNode } from "./syntax.ts";
import { describe, syntaxMessage } from "./syntax-message.ts";

export interface ParsedFile {
	readonly source: SourceFile;
	/** Absent only when the file could not be mended. */
	readonly tree?: FileNode;
	readonly comments: readonly Comment[];
	/** Words in the parts that could not be parsed: later stages must not report them as unknown. */
	readonly lostNames: ReadonlySet<string>;
}

/** Enough to be useful, few enough to be read. */
const MAX_FAULTS_PER_FILE = 25;

export function parseFile(source: SourceFile, diagnostics: DiagnosticCollector): ParsedFile {
	const scanned = scan(source.text);
	const { comments } = scanned;
	const lostNames = new Set<string>();
	checkCharacters(source, diagnostics);
	const deep = tooDeep(scanned, source.text);
	if (deep !== undefined) {
		diagnostics.error("too-deep", source.span(deep), "this is nested too deeply to be read");
		return { source, comments, lostNames };
	}
	const unclosed = comments.find((comment) => !comment.closed);
	if (unclosed !== undefined) {
		const opening = { start: unclosed.start, end: unclosed.start + 2 };
		diagnostics.error("unclosed-comment", source.span(opening), "this block comment is never closed", {
			help: "add `*/`; block comments nest, so each `/*` inside it needs one too",
		});
	}
	let text = unclosed === undefined ? source.text : source.text.slice(0, unclosed.start);
	let reportedAt = -1;
	for (let faults = 0; faults < MAX_FAULTS_PER_FILE; faults++) {
		const outcome = runGrammar(text);
		if (outcome.ok) {
			return { source, tree: outcome.tree, comments, lostNames };
		}
		const { tokens } = scan(text);
		const found = tokens.findIndex((token) => token.end > outcome.offset);
		const index = found < 0 ? tokens.length : found;
		const mended = mend(text, tokens, index, outcome.expected);
		if (outcome.offset !== reportedAt) {
			report(source, tokens, index, outcome.expected, mended, diagnostics);
		}
		reportedAt = outcome.offset;
		if (mended.lost !== undefined) {
			for (const token of scan(text.slice(mended.lost.start, mended.lost.end)).tokens) {
				lostNames.add(token.text.replace(/^%/, ""));
			}
		}
		if (mended.text === text) {
			break;
		}
		text = mended.text;
	}
	return { source, comments, lostNames };
}

function report(
	source: SourceFile,
	tokens: readonly Token[],
	index: number,
	expected: readonly Expectation[],
	mended: Mended,
	diagnostics: DiagnosticCollector,
): void {
	const found = tokens[index];
	if (mended.inserted !== undefined) {
		const { sign, after } = mended.inserted;
		const place = source.span({ start: after.end, end: after.end });
		const opening = sign === "}" ? tokens[openBraces(tokens, index).at(-1) ?? -1] : undefined;
		diagnostics.error("syntax", place, `expected \`${sign}\` after \`${after.text}\`, found ${describe(found)}`, {
			related: opening && [{ message: "the brace opened here is not closed", span: source.span(opening) }],
		});
		return;
	}
	const previous = tokens[index - 1];
	const beforeIt = tokens[index - 2]?.text ?? ";";
	const { code, message, help } = syntaxMessage({
		expected,
		found,
		previous,
		next: tokens[index + 1],
		previousBeginsItem: /^[;{}]$/.test(beforeIt),
	});
	const end = source.text.length;
	diagnostics.error(code, source.span(found ?? { start: previous?.end ?? end, end: previous?.end ?? end }), message, {
		help,
	});
}

/** Code points that are not allowed anywhere: controls, overrides of direction, and those Unicode advises against. */
const FORBIDDEN: readonly (readonly [first: number, last: number])[] = [
	[0x00, 0x08],
	[0x0b, 0x0c],
	[0x0e, 0x1f],
	[0x7f, 0x9f],
	[0x0149, 0x0149],
	[0x0673, 0x0673],
	[0x0f77, 0x0f77],
	[0x0f79, 0x0f79],
	[0x17a3, 0x17a4],
	[0x17b4, 0x17b5],
	[0x202a, 0x202e],
	[0x2066, 0x2069],
];

function checkCharacters(source: SourceFile, diagnostics: DiagnosticCollector): void {
	let start = 0;
	for (const character of source.text) {
		const codePoint = character.codePointAt(0) ?? 0;
		if (FORBIDDEN.some(([first, last]) => codePoint >= first && codePoint <= last)) {
			const hex = codePoint.toString(16).toUpperCase().padStart(4, "0");
			const message = `the character U+${hex} is not allowed in WIT, not even in a comment`;
			diagnostics.error("forbidden-character", source.span({ start, end: start + character.length }), message, { help: "remove it" });
		}
		start += character.length;
	}
}
