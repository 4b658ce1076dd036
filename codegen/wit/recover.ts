/**
 * Mends the text of a file after a syntax fault so that parsing can go on behind it. Offsets never move: what is mended
 * is overwritten in place, or appended at the end.
 *
 * A missing `;`, `,`, `{` or `}` is put into the blank where it belongs. For any other fault the item around it, or the field in a
 * list of fields, is blanked out.
 */
import type { Expectation } from "./grammar.ts";
import type { Token } from "./scan.ts";
import type { Range } from "./syntax.ts";

export interface Mended {
	readonly text: string;
	/** The part that was blanked out: names declared in it are not unknown, only lost. */
	readonly lost?: Range;
	/** Set when a single missing sign was put in: the sign, and where it belongs. */
	readonly inserted?: { readonly sign: string; readonly after: Token };
}

export function mend(text: string, tokens: readonly Token[], index: number, expected: readonly Expectation[]): Mended {
	const insertion = missingSign(text, tokens, index, expected);
	if (insertion !== undefined) {
		return insertion;
	}
	const lost = faultySegment(tokens, index, text.length);
	const blank = text.slice(lost.start, lost.end).replace(/[^\r\n]/g, " ");
	return { text: text.slice(0, lost.start) + blank + text.slice(lost.end), lost };
}

function missingSign(text: string, tokens: readonly Token[], index: number, expected: readonly Expectation[]): Mended | undefined {
	const previous = tokens[index - 1];
	const found = tokens[index];
	const wanted = new Set(expected.filter((each) => each.kind === "token").map((each) => each.text));
	if (previous === undefined) {
		return undefined;
	}
	if (found === undefined) {
		const open = openBraces(tokens, index).length;
		const sign = wanted.has("}") && open > 0 ? "}" : wanted.has(";") ? ";" : undefined;
		// On a new line, because the last one may be a comment.
		return sign === undefined
			? undefined
			: { text: `${text}\n${sign.repeat(sign === "}" ? open : 1)}`, inserted: { sign, after: previous } };
	}
	const sign = signBefore(found, text.slice(previous.end, found.start), wanted);
	if (sign === undefined || !/^\s/.test(text.slice(previous.end, found.start))) {
		return undefined;
	}
	const mended = text.slice(0, previous.end) + sign + text.slice(previous.end + 1);
	return { text: mended, inserted: { sign, after: previous } };
}

function signBefore(found: Token, gap: string, wanted: ReadonlySet<string>): string | undefined {
	const newLine = gap.includes("\n");
	if (wanted.has("}") && newLine && /^(?:interface|world|package)$/.test(found.text)) {
		return "}";
	}
	const endsItem = newLine || found.text === "}";
	if (endsItem && wanted.has(";")) {
		return ";";
	}
	if (newLine && found.kind === "word" && wanted.has(",") && !wanted.has(">")) {
		return ",";
	}
	return wanted.has("{") && found.kind === "word" && wanted.size === 1 ? "{" : undefined;
}

/** The item or field around the fault, with the comments before it. */
function faultySegment(tokens: readonly Token[], index: number, length: number): Range {
	const enclosing = openBraces(tokens, index)
		.filter((open) => !isInsideItem(tokens, open))
		.at(-1);
	const first = enclosing === undefined ? 0 : enclosing + 1;
	const byComma = enclosing !== undefined && /^(?:record|variant|enum|flags)$/.test(tokens[enclosing - 2]?.text ?? "");
	let segmentFirst = first;
	let depth = 0;
	for (let position = first; position < tokens.length; position++) {
		const text = tokens[position]?.text ?? "";
		if (text === "{" || (byComma && (text === "(" || text === "<"))) {
			depth++;
		} else if (text === "}" && (depth === 0 || byComma)) {
			// The enclosing body ends here: the segment ends before it.
			return range(tokens, segmentFirst, segmentFirst === position ? position : position - 1, length);
		} else if (text === "}" || (byComma && (text === ")" || text === ">"))) {
			depth = Math.max(0, depth - 1);
		}
		if (depth === 0 && endsSegment(tokens, position, byComma)) {
			if (position >= index) {
				return range(tokens, segmentFirst, position, length);
			}
			segmentFirst = position + 1;
		}
	}
	return range(tokens, segmentFirst, tokens.length - 1, length);
}

function endsSegment(tokens: readonly Token[], position: number, byComma: boolean): boolean {
	const text = tokens[position]?.text;
	if (byComma) {
		return text === ",";
	}
	const open = text === "}" ? matchingOpen(tokens, position) : undefined;
	return text === ";" || (open !== undefined && !isInsideItem(tokens, open));
}

/** The braces of `use a.{…}` and `include a with {…}` are part of an item, not a body of items. */
function isInsideItem(tokens: readonly Token[], open: number): boolean {
	const before = tokens[open - 1]?.text;
	return before === "." || before === "with";
}

function matchingOpen(tokens: readonly Token[], close: number): number | undefined {
	let depth = 0;
	for (let position = close; position >= 0; position--) {
		const text = tokens[position]?.text;
		depth += text === "}" ? 1 : text === "{" ? -1 : 0;
		if (depth === 0) {
			return position;
		}
	}
	return undefined;
}

/** Indexes of the `{` that are open before the token at `index`, outermost first. */
export function openBraces(tokens: readonly Token[], index: number): number[] {
	const open: number[] = [];
	for (const [position, token] of tokens.slice(0, index).entries()) {
		if (token.text === "{") {
			open.push(position);
		} else if (token.text === "}") {
			open.pop();
		}
	}
	return open;
}

function range(tokens: readonly Token[], first: number, last: number, length: number): Range {
	return { start: tokens[first - 1]?.end ?? 0, end: tokens[last]?.end ?? length };
}
