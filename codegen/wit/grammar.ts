/** The outcome of the parser, in words of our own. */
import type { MendedText } from "./mended-text.ts";
import { SyntaxError as ParseError, type ParserExpectation, parse } from "./parser.js";
import type { FileNode } from "./syntax.ts";

/** A parse either succeeds or says where it could go no further and what would have helped. */
export type GrammarOutcome =
	| { readonly ok: true; readonly tree: FileNode }
	| { readonly ok: false; readonly offset: number; readonly expected: readonly Expectation[] };

/** `token` is literal text, `rule` the name of a rule such as `name` or `version`. */
export interface Expectation {
	readonly kind: "token" | "rule" | "end";
	readonly text: string;
}

/** The tree has offsets of the original text. */
export function runGrammar(mended: MendedText): GrammarOutcome {
	try {
		return { ok: true, tree: parse(mended.text, { toOriginal: (offset) => mended.toOriginal(offset) }) };
	} catch (error) {
		if (!(error instanceof ParseError)) {
			throw error;
		}
		return { ok: false, offset: error.location.start.offset, expected: expectations(error.expected ?? []) };
	}
}

function expectations(found: readonly ParserExpectation[]): Expectation[] {
	const seen = new Map<string, Expectation>();
	for (const each of found) {
		const expectation = toExpectation(each);
		if (expectation !== undefined) {
			seen.set(`${expectation.kind} ${expectation.text}`, expectation);
		}
	}
	return [...seen.values()];
}

function toExpectation(found: ParserExpectation): Expectation | undefined {
	switch (found.type) {
		case "literal":
			return { kind: "token", text: found.text };
		case "other":
			// Blanks and comments are allowed nearly everywhere: no use to anyone as advice.
			return found.description === "blank" || found.description === "comment" ? undefined : { kind: "rule", text: found.description };
		case "end":
			return { kind: "end", text: "end of file" };
		default:
			return undefined;
	}
}
