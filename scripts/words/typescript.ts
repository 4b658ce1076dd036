/** Docstrings of TypeScript and of Handlebars templates that print TypeScript. */
import jsTokens from "js-tokens";
import { type Block, countNewlines, type Line, linesOf } from "./block.ts";
import { docstringBlocks } from "./docstring.ts";

const EXPRESSION = /\{\{[^{}]*\}\}|\{\{\{[^{}]*\}\}\}/g;
const BLOCK_HELPER = /^\{\{~?\s*(?:[#/^!>]|else\b)/;

/** Blocks of every docstring. Text in strings, templates and regular expressions is no comment. */
export function typescriptBlocks(source: string): Block[] {
	const blocks: Block[] = [];
	let line = 1;
	for (const { type, value } of jsTokens(source)) {
		if (type === "MultiLineComment" && isDocstring(value)) blocks.push(...docstringBlocks(commentLines(value, line)));
		line += countNewlines(value);
	}
	return blocks;
}

/** Blocks of a template's docstrings. An expression counts as one word. */
export function handlebarsBlocks(source: string): Block[] {
	return typescriptBlocks(source.replace(EXPRESSION, (whole) => (BLOCK_HELPER.test(whole) ? "" : "x") + "\n".repeat(countNewlines(whole))));
}

function isDocstring(comment: string): boolean {
	return /^\/\*\*(?![*/])/.test(comment);
}

function commentLines(comment: string, first: number): Line[] {
	const lines = linesOf(comment.slice("/**".length, -"*/".length), first);
	return lines.map(({ text, number }, index) => ({ text: index === 0 ? text.trimStart() : text.replace(/^\s*\* ?/, ""), number }));
}
