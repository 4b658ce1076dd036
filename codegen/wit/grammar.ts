/** The parser made from `grammar.peggy`, built on first use and kept. */
import { readFileSync } from "node:fs";
import peggy from "peggy";
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

let parser: peggy.Parser | undefined;

export function runGrammar(text: string): GrammarOutcome {
	parser ??= peggy.generate(readFileSync(new URL("grammar.peggy", import.meta.url), "utf8"));
	try {
		const tree: FileNode = parser.parse(text);
		return { ok: true, tree };
	} catch (error) {
		if (!(error instanceof parser.SyntaxError)) {
			throw error;
		}
		return { ok: false, offset: error.location.start.offset, expected: expectations(error.expected ?? []) };
	}
}

function expectations(found: readonly peggy.parser.Expectation[]): Expectation[] {
	const seen = new Map<string, Expectation>();
	for (const each of found) {
		const expectation = toExpectation(each);
		if (expectation !== undefined) {
			seen.set(`${expectation.kind} ${expectation.text}`, expectation);
		}
	}
	return [...seen.values()];
}

function toExpectation(found: peggy.parser.Expectation): Expectation | undefined {
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
