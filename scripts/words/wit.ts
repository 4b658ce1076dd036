import { type Block, type Line, linesOf } from "./block.ts";
import { docstringBlocks } from "./docstring.ts";

const DOC_LINE = /^\s*\/\/\/(?!\/) ?(.*)$/;

/** Blocks of every WIT doc comment: adjacent lines that begin with `///`. */
export function witBlocks(source: string): Block[] {
	return docCommentsOf(source).flatMap(docstringBlocks);
}

function docCommentsOf(source: string): Line[][] {
	const comments: Line[][] = [];
	let current: Line[] | undefined;
	for (const { text, number } of linesOf(source)) {
		const content = DOC_LINE.exec(text)?.[1];
		if (content === undefined) {
			current = undefined;
		} else if (current === undefined) {
			current = [{ text: content, number }];
			comments.push(current);
		} else {
			current.push({ text: content, number });
		}
	}
	return comments;
}
