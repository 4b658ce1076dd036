import { type Block, linesOf } from "./block.ts";
import { docstringBlocks } from "./docstring.ts";
import { RowCounter } from "./row-counter.ts";

const DESCRIPTION = /"description"\s*:\s*("(?:[^"\\]|\\.)*")/g;

/** Blocks of every `description` of a JSON Schema. Code generation makes docstrings of them. */
export function jsonSchemaBlocks(source: string): Block[] {
	const rows = new RowCounter(source);
	return [...source.matchAll(DESCRIPTION)].flatMap(({ 0: member, 1: literal = '""', index }) => {
		const number = 1 + rows.rowAt(index + member.length);
		const text: unknown = JSON.parse(literal);
		return docstringBlocks(linesOf(String(text)).map((line) => ({ ...line, number })));
	});
}
