/** Blocks of Markdown. Code blocks, rules, link definitions and HTML comments have no blocks. */
import { type Block, type Line, linesOf, type Role } from "./block.ts";
import { withoutComments } from "./html-comments.ts";
import { maskInline } from "./inline.ts";

const FENCE = /^(`{3,}|~{3,})[^`]*$/;
const HEADING = /^#{1,6}\s+(.*)$/;
const ITEM = /^((?:[-*+]|(\d{1,9})[.)])\s+)(.*)$/;
const RULE = /^(?:-{3,}|={3,}|\*{3,}|_{3,})$/;
const DEFINITION = /^\[[^[\]]+\]:\s/;
const ROW_SEPARATOR = /^[|\s:-]+$/;

/** Blocks of a Markdown file. */
export function markdownBlocks(source: string): Block[] {
	return blocksOf(linesOf(withoutComments(source)));
}

/** Blocks of lines of Markdown, in order. */
export function blocksOf(lines: readonly Line[]): Block[] {
	const scan = new Scan();
	for (const line of lines) scan.take(line);
	return scan.end();
}

class Scan {
	readonly #blocks: Block[] = [];
	#paragraph: Line[] = [];
	/** Marker that closes the open code block. */
	#fence: string | undefined;
	/** Column at which the text of the innermost list item starts; 0 outside of lists. */
	#itemColumn = 0;

	take({ text, number }: Line): void {
		const indent = indentOf(text);
		const content = text.trim();
		if (this.#fence !== undefined) {
			if (content.startsWith(this.#fence) && /^(?:`+|~+)$/.test(content)) this.#fence = undefined;
		} else if (content === "") {
			this.#flush();
		} else if (!this.#isCode(indent)) {
			this.#takeText({ text: content, number }, indent);
		}
	}

	end(): Block[] {
		this.#flush();
		return this.#blocks;
	}

	/** An indented line is code unless it continues a paragraph. */
	#isCode(indent: number): boolean {
		if (this.#paragraph.length > 0) return false;
		if (indent < this.#itemColumn) this.#itemColumn = 0;
		return indent >= this.#itemColumn + 4;
	}

	#takeText({ text, number }: Line, indent: number): void {
		const fence = FENCE.exec(text)?.[1];
		const heading = HEADING.exec(text)?.[1];
		const [, marker = "", ordinal, item = ""] = ITEM.exec(text) ?? [];
		if (fence !== undefined) {
			this.#flush();
			this.#fence = fence;
		} else if (heading !== undefined) {
			this.#flush();
			this.#add("label", [{ text: heading, number }]);
		} else if (text.startsWith("|")) {
			this.#flush();
			if (!ROW_SEPARATOR.test(text)) for (const cell of cellsOf(text)) this.#add("label", [{ text: cell, number }]);
		} else if (RULE.test(text)) {
			this.#flush();
		} else if (marker !== "" && this.#mayStartItem(ordinal)) {
			this.#flush();
			this.#itemColumn = indent + marker.length;
			this.#paragraph.push({ text: item, number });
		} else if (this.#paragraph.length > 0 || !DEFINITION.test(text)) {
			this.#paragraph.push({ text: text.replace(/^(?:>\s?)+/, ""), number });
		}
	}

	/** A number other than 1 at the start of a wrapped line is part of the sentence. */
	#mayStartItem(ordinal: string | undefined): boolean {
		return ordinal === undefined || ordinal === "1" || this.#itemColumn > 0 || this.#paragraph.length === 0;
	}

	#flush(): void {
		if (this.#paragraph.length > 0) this.#add("prose", this.#paragraph);
		this.#paragraph = [];
	}

	#add(role: Role, lines: readonly Line[]): void {
		const text = maskInline(lines.map((line) => line.text).join("\n"));
		this.#blocks.push({ role, text, lines: lines.map((line) => line.number) });
	}
}

/** Code spans are masked first: they may contain a `|`. */
function cellsOf(row: string): string[] {
	return maskInline(row)
		.split(/(?<!\\)\|/)
		.map((cell) => cell.trim())
		.filter((cell) => cell !== "");
}

/** Columns before the first character. A tab counts as four. */
function indentOf(text: string): number {
	let columns = 0;
	for (const character of text) {
		if (character === "\t") columns += 4;
		else if (character === " ") columns += 1;
		else break;
	}
	return columns;
}
