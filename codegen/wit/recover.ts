/**
 * Decides how a file is mended after a syntax fault so that parsing can go on behind it.
 *
 * A missing `;`, `,`, `{`, `}`, `)` or `>` is put in where it belongs, and so is the `%` before a keyword that serves as a name. For any
 * other fault the item around it, or the field in a list of fields, is blanked out.
 */
import { type Body, bodyKind, holds, isMemberList, itemAt, itemStart, missingBraces, openBodies } from "./bodies.ts";
import type { Expectation } from "./grammar.ts";
import { KEYWORDS } from "./names.ts";
import type { Token } from "./scan.ts";
import type { Range } from "./syntax.ts";

/** The place where a parse stopped. */
export interface Fault {
	/** Of the token that does not fit; past the last one at the end of the file. */
	readonly index: number;
	readonly expected: readonly Expectation[];
}

export type Mending =
	/** `sign` belongs before the token at `index`. */
	| { readonly kind: "insert"; readonly sign: string; readonly index: number; readonly unclosed: readonly Body[] }
	/** The keyword at `index` is meant as a name. */
	| { readonly kind: "escape"; readonly index: number }
	/** The part is dropped: names declared in it are not unknown, only lost. */
	| { readonly kind: "blank"; readonly range: Range };

export function mend(tokens: readonly Token[], fault: Fault, text: string): Mending {
	return missingEnd(tokens, fault) ?? keywordAsName(tokens, fault) ?? missingSign(tokens, fault, text) ?? blanked(tokens, fault, text);
}

/** A `}` is missing if the item here cannot stand in this body, but can in one around it. */
function missingEnd(tokens: readonly Token[], { index, expected }: Fault): Mending | undefined {
	if (index >= tokens.length) {
		const unclosed = openBodies(tokens, index).reverse();
		const fits = unclosed.length > 0 && expected.some((each) => each.kind === "token" && each.text === "}");
		return fits ? { kind: "insert", sign: "}".repeat(unclosed.length), index, unclosed } : undefined;
	}
	const start = itemStart(tokens, index);
	const item = itemAt(tokens, start);
	const bodies = openBodies(tokens, start).reverse();
	if (item === undefined || bodies.length === 0) {
		return undefined;
	}
	const holder = [...bodies.map((body) => body.kind), "file" as const].findIndex((kind) => holds(kind, item));
	// With as many `}` as `{`, none is missing: the item is in the wrong place.
	if (holder <= 0 || holder > missingBraces(tokens)) {
		return undefined;
	}
	return { kind: "insert", sign: "}".repeat(holder), index: start, unclosed: bodies.slice(0, holder) };
}

function keywordAsName(tokens: readonly Token[], { index, expected }: Fault): Mending | undefined {
	if (!expected.some((each) => each.kind === "rule" && each.text === "name")) {
		return undefined;
	}
	// Where a type is expected, a keyword is no name.
	if (!expected.some((each) => each.text === "u8") && isNameByPlace(tokens, index)) {
		return { kind: "escape", index };
	}
	// `record: func()` fails behind the keyword, which could begin an item.
	const before = tokens[index - 2]?.text;
	const begins = before === undefined || /^[;{},)]$/.test(before);
	return begins && tokens[index]?.text === ":" && KEYWORDS.has(tokens[index - 1]?.text ?? "")
		? { kind: "escape", index: index - 1 }
		: undefined;
}

function isNameByPlace(tokens: readonly Token[], index: number): boolean {
	const next = tokens[index + 1]?.text ?? "";
	if (!KEYWORDS.has(tokens[index]?.text ?? "")) {
		return false;
	}
	return /^[:,};{=.@/)]$/.test(next) || next === "as" || (next === "(" && openBodies(tokens, index).at(-1)?.kind === "variant");
}

function missingSign(tokens: readonly Token[], { index, expected }: Fault, text: string): Mending | undefined {
	const previous = tokens[index - 1];
	const found = tokens[index];
	const wanted = new Set(expected.filter((each) => each.kind === "token").map((each) => each.text));
	if (previous === undefined) {
		return undefined;
	}
	if (found === undefined) {
		return wanted.has(";") ? { kind: "insert", sign: ";", index, unclosed: [] } : undefined;
	}
	const body = openBodies(tokens, index).at(-1);
	if (found.text === ";" && body !== undefined && isInsideItem(body) && wanted.has("}")) {
		return { kind: "insert", sign: "}", index, unclosed: [body] };
	}
	const sign = signBefore(found, tokens[index + 1], text.slice(previous.end, found.start), wanted);
	return sign === undefined ? undefined : { kind: "insert", sign, index, unclosed: [] };
}

function signBefore(found: Token, next: Token | undefined, gap: string, wanted: ReadonlySet<string>): string | undefined {
	const newLine = gap.includes("\n");
	if ((newLine || found.text === "}") && wanted.has(";")) {
		return ";";
	}
	if (found.text === ";") {
		return [")", ">"].find((sign) => wanted.has(sign));
	}
	if (found.kind === "word" && wanted.has(",") && !wanted.has(">") && (newLine || next?.text === ":")) {
		return ",";
	}
	return wanted.has("{") && found.kind === "word" && wanted.size === 1 ? "{" : undefined;
}

/** The item or field around the fault, with the comments before it. */
function blanked(tokens: readonly Token[], { index }: Fault, text: string): Mending {
	const enclosing = openBodies(tokens, index)
		.filter((body) => !isInsideItem(body))
		.at(-1);
	const range = enclosing !== undefined && isMemberList(enclosing.kind) ? memberAround : itemAround;
	const [first, last] = range(tokens, enclosing === undefined ? 0 : enclosing.open + 1, index);
	return { kind: "blank", range: { start: tokens[first - 1]?.end ?? 0, end: tokens[last]?.end ?? text.length } };
}

/** First and last token of the part of a body of items that holds `index`. @param begin the first token of the body */
function itemAround(tokens: readonly Token[], begin: number, index: number): readonly [first: number, last: number] {
	const inner: Body[] = [];
	let first = begin;
	for (let position = begin; position < tokens.length; position++) {
		const sign = tokens[position]?.text;
		if (sign === "{") {
			inner.push({ kind: bodyKind(tokens, position), open: position });
		} else if (sign === "}" && inner.length === 0) {
			return endOfBody(first, position);
		}
		const closed = sign === "}" ? inner.pop() : undefined;
		if (inner.length === 0 && (sign === ";" || (closed !== undefined && !isInsideItem(closed)))) {
			if (position >= index) {
				return [first, position];
			}
			first = position + 1;
		}
	}
	return [first, tokens.length - 1];
}

/** As `itemAround`, for a list of fields, cases or flags. */
function memberAround(tokens: readonly Token[], begin: number, index: number): readonly [first: number, last: number] {
	let first = begin;
	let depth = 0;
	for (let position = begin; position < tokens.length; position++) {
		const sign = tokens[position]?.text;
		if (sign === "}") {
			return endOfBody(first, position);
		}
		depth = Math.max(0, depth + (sign === "(" || sign === "<" ? 1 : sign === ")" || sign === ">" ? -1 : 0));
		if (depth === 0 && sign === ",") {
			if (position >= index) {
				return [first, position];
			}
			first = position + 1;
		}
	}
	return [first, tokens.length - 1];
}

/** The part before the `}` of a body; the `}` itself if there is nothing before it. */
function endOfBody(first: number, close: number): readonly [first: number, last: number] {
	return [first, first === close ? close : close - 1];
}

/** The braces of `use a.{…}` and `include a with {…}` are part of an item, not a body of items. */
function isInsideItem(body: Body): boolean {
	return body.kind === "use" || body.kind === "with";
}
