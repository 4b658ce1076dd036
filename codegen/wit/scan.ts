/**
 * A forgiving scan of WIT text into words, punctuation and comments. The grammar decides what is valid.
 * The scan serves to mend a faulty file so that the rest can be parsed, and to find faults below the level of tokens.
 */
import type { Range } from "./syntax.ts";

export interface Token extends Range {
	readonly kind: "word" | "punctuation" | "string" | "other";
	readonly text: string;
}

export interface Comment extends Range {
	readonly doc: boolean;
	/** False for a block comment that runs to the end of the file. */
	readonly closed: boolean;
	/** Number of block comments that are open at once: 0 in a line comment. */
	readonly depth: number;
}

/** Deeper than any package nests, and shallow enough for a recursive parser. */
const MAX_DEPTH = 100;

/** Change of the depth of nesting by a sign. */
const DEPTHS: ReadonlyMap<string, number> = new Map([
	["{", 1],
	["(", 1],
	["<", 1],
	["}", -1],
	[")", -1],
	[">", -1],
]);

/** The first place where brackets or block comments nest too deep to be parsed. */
export function tooDeep({ tokens, comments }: Scan): Range | undefined {
	let depth = 0;
	for (const token of tokens) {
		depth += DEPTHS.get(token.text) ?? 0;
		if (depth > MAX_DEPTH) {
			return token;
		}
	}
	return comments.find((comment) => comment.depth > MAX_DEPTH);
}

export interface Scan {
	readonly tokens: readonly Token[];
	readonly comments: readonly Comment[];
}

const PATTERN = /[ \t\r\n]+|\/\/[^\n]*|\/\*|%?[\p{L}\p{N}_][\p{L}\p{N}_-]*|"(?:[^"\\\n]|\\.)*"?|->|./gsu;
const WORD = /^%?[\p{L}\p{N}_]/u;
const PUNCTUATION = /^(?:->|[=,:;(){}<>*/.@])$/;

export function scan(text: string): Scan {
	const tokens: Token[] = [];
	const comments: Comment[] = [];
	PATTERN.lastIndex = 0;
	for (let match = PATTERN.exec(text); match !== null; match = PATTERN.exec(text)) {
		const start = match.index;
		const found = match[0];
		if (/^\s/.test(found)) {
			continue;
		}
		if (found === "/*") {
			const { end, depth } = blockComment(text, start);
			const whole = text.slice(start, end ?? text.length);
			comments.push({
				start,
				end: start + whole.length,
				doc: /^\/\*\*[^*/]/.test(whole),
				closed: end !== undefined,
				depth,
			});
			PATTERN.lastIndex = start + whole.length;
		} else if (found.startsWith("//")) {
			comments.push({ start, end: start + found.length, doc: /^\/\/\/(?!\/)/.test(found), closed: true, depth: 0 });
		} else {
			tokens.push({ kind: tokenKind(found), text: found, start, end: start + found.length });
		}
	}
	return { tokens, comments };
}

function tokenKind(text: string): Token["kind"] {
	if (WORD.test(text)) {
		return "word";
	}
	if (PUNCTUATION.test(text)) {
		return "punctuation";
	}
	return text.length > 1 && text.startsWith('"') && text.endsWith('"') ? "string" : "other";
}

/** The block comment that opens at `start`: the offset behind the sign that closes it, and its depth. Block comments nest. */
function blockComment(text: string, start: number): { readonly end: number | undefined; readonly depth: number } {
	const marker = /\/\*|\*\//g;
	marker.lastIndex = start;
	let depth = 0;
	let deepest = 0;
	for (let match = marker.exec(text); match !== null; match = marker.exec(text)) {
		depth += match[0] === "/*" ? 1 : -1;
		deepest = Math.max(deepest, depth);
		if (depth === 0) {
			return { end: match.index + 2, depth: deepest };
		}
	}
	return { end: undefined, depth: deepest };
}
