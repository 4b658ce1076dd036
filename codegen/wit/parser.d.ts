/** The parser that `npm run parser -- --write` makes from `grammar.peggy`. */
import type { FileNode } from "./syntax.ts";

export interface ParserOptions {
	/** Turns an offset of the text into the one that the tree is to have. */
	readonly toOriginal: (offset: number) => number;
}

/** @throws SyntaxError the one exported here */
export function parse(text: string, options: ParserOptions): FileNode;

/** Thrown where a text can go no further. */
declare class ParseError extends SyntaxError {
	readonly expected: readonly ParserExpectation[] | null;
	readonly location: { readonly start: { readonly offset: number } };
}

export { ParseError as SyntaxError };

/** Token that the parser would have taken in the place where it stopped. */
export type ParserExpectation =
	| { readonly type: "literal"; readonly text: string }
	| { readonly type: "other"; readonly description: string }
	| { readonly type: "class" | "any" | "end" };
