/** Doc comments → prose and structured tags. Which tags are legal is for the linter to say. */
import type { Docs, DocTag } from "../model/model.ts";
import type { SourceFile } from "./source-file.ts";
import type { Range } from "./syntax.ts";

interface Line {
	readonly text: string;
	/** Offset of the first character of `text` in the file. */
	readonly start: number;
}

/** A line of its own that begins with `@name`; anything with more than letters, digits, `-` and `_` in it is prose. */
const TAG = /^(\s*)@([A-Za-z][A-Za-z0-9_-]*)(?:\s+(.*?))?\s*$/;
const FENCE = /^\s*(?:```|~~~)/;

/** Reads the prose and the tags of these comments. Tag lines within a fenced code block are part of the example, not tags. */
export function readDocs(source: SourceFile, comments: readonly Range[]): Docs {
	const prose: string[] = [];
	const tags: DocTag[] = [];
	let fenced = false;
	for (const line of comments.flatMap((comment) => commentLines(source, comment))) {
		if (FENCE.test(line.text)) {
			fenced = !fenced;
		}
		const tag = fenced ? null : TAG.exec(line.text);
		if (tag === null) {
			prose.push(line.text.trimEnd());
			continue;
		}
		const [, indent = "", name = "", value = ""] = tag;
		const start = line.start + indent.length;
		tags.push({ name, value, span: source.span({ start, end: line.start + line.text.trimEnd().length }) });
	}
	return {
		text: prose
			.join("\n")
			.replace(/^(?:[ \t]*\n)+/, "")
			.trimEnd(),
		tags,
	};
}

function commentLines(source: SourceFile, comment: Range): Line[] {
	const text = source.slice(comment);
	if (text.startsWith("///")) {
		return [withoutPrefix(text.slice(3), comment.start + 3, /^ ?/)];
	}
	const lines: Line[] = [];
	let start = comment.start + 3;
	for (const [index, line] of text.slice(3, -2).split("\n").entries()) {
		// A column of stars at the left of a block comment belongs to the comment.
		lines.push(withoutPrefix(line, start, index === 0 ? /^ ?/ : /^[ \t]*(?:\* ?)?/));
		start += line.length + 1;
	}
	return lines;
}

function withoutPrefix(text: string, start: number, prefix: RegExp): Line {
	const length = prefix.exec(text)?.[0].length ?? 0;
	return { text: text.slice(length), start: start + length };
}
