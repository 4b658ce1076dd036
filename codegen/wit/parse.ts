/** Text of one WIT file → syntax tree and located diagnostics. A faulty file still yields the tree of what is sound. */
import type { DiagnosticCollector } from "../diagnostics/collector.ts";
import { missingBraces, openBodies } from "./bodies.ts";
import { runGrammar } from "./grammar.ts";
import { MendedText } from "./mended-text.ts";
import { type Mending, mend } from "./recover.ts";
import { type Comment, scan, type Token, tooDeep } from "./scan.ts";
import type { SourceFile } from "./source-file.ts";
import type { FileNode } from "./syntax.ts";
import { SyntaxReport } from "./syntax-report.ts";

export interface ParsedFile {
	readonly source: SourceFile;
	/** Absent only when the file could not be mended. */
	readonly tree?: FileNode;
	readonly comments: readonly Comment[];
	/** Words in the parts that could not be parsed: later stages must not report them as unknown. */
	readonly lostNames: ReadonlySet<string>;
	/** False if a fault was reported here that may make up others. */
	readonly sound: boolean;
}

/** Enough to be useful, few enough to be read. */
const MAX_FAULTS_PER_FILE = 25;

export function parseFile(source: SourceFile, diagnostics: DiagnosticCollector): ParsedFile {
	const scanned = scan(source.text);
	const { comments } = scanned;
	const lostNames = new Set<string>();
	checkCharacters(source, diagnostics);
	const deep = tooDeep(scanned);
	if (deep !== undefined) {
		diagnostics.error("too-deep", source.span(deep), "this is nested too deeply to be read");
		return { source, comments, lostNames, sound: false };
	}
	const unclosed = comments.find((comment) => !comment.closed);
	if (unclosed !== undefined) {
		const opening = { start: unclosed.start, end: unclosed.start + 2 };
		diagnostics.error("unclosed-comment", source.span(opening), "this block comment is never closed", {
			help: "add `*/`; block comments nest, so each `/*` inside it needs one too",
		});
	}
	let mended = new MendedText(unclosed === undefined ? source.text : source.text.slice(0, unclosed.start));
	const reported = new Set<string>();
	let isSurplusReported = false;
	for (let faults = 0; faults < MAX_FAULTS_PER_FILE; faults++) {
		const outcome = runGrammar(mended);
		if (outcome.ok) {
			return { source, tree: outcome.tree, comments, lostNames, sound: faults === 0 && unclosed === undefined };
		}
		const { tokens } = scan(mended.text);
		const found = tokens.findIndex((token) => token.end > outcome.offset);
		const fault = { index: found < 0 ? tokens.length : found, expected: outcome.expected };
		const mending = mend(tokens, fault, mended.text);
		// Where a part was given up, the next fault in the same place follows from that.
		const place = String(mended.toOriginal(outcome.offset));
		const key = mending.kind === "insert" ? `${place} ${mending.sign}` : place;
		// A `}` too many ends a body early: what stands behind it, and the last `}`, are no faults of their own.
		const isSurplus = missingBraces(tokens) < 0 && openBodies(tokens, fault.index).length === 0;
		if (!reported.has(place) && !reported.has(key) && !(isSurplus && isSurplusReported)) {
			new SyntaxReport(source, mended, tokens, diagnostics).add(fault, mending);
		}
		reported.add(key);
		isSurplusReported ||= isSurplus;
		const next = apply(mended, tokens, mending);
		if (mending.kind === "blank") {
			for (const token of scan(mended.text.slice(mending.range.start, mending.range.end)).tokens) {
				lostNames.add(token.text.replace(/^%/, ""));
			}
		}
		if (next.text === mended.text) {
			break;
		}
		mended = next;
	}
	return { source, comments, lostNames, sound: false };
}

function apply(mended: MendedText, tokens: readonly Token[], mending: Mending): MendedText {
	switch (mending.kind) {
		case "insert": {
			const next = tokens[mending.index];
			// On a new line, because the file may end in a comment.
			return next === undefined
				? mended.insert(mended.text.length, `\n${mending.sign}`)
				: mended.insert(tokens[mending.index - 1]?.end ?? next.start, mending.sign);
		}
		case "escape":
			return mended.insert(tokens[mending.index]?.start ?? 0, "%");
		case "blank":
			return mended.blank(mending.range);
	}
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

/** All of them are single code units. */
function checkCharacters(source: SourceFile, diagnostics: DiagnosticCollector): void {
	const { text } = source;
	for (let start = 0; start < text.length; start++) {
		const code = text.charCodeAt(start);
		if ((code >= 0x20 && code < 0x7f) || code === 0x0a) continue;
		if (!FORBIDDEN.some(([first, last]) => code >= first && code <= last)) continue;
		const hex = code.toString(16).toUpperCase().padStart(4, "0");
		const message = `the character U+${hex} is not allowed in WIT, not even in a comment`;
		diagnostics.error("forbidden-character", source.span({ start, end: start + 1 }), message, { help: "remove it" });
	}
}
