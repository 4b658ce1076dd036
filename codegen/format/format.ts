/**
 * The formatter of WIT, which changes blanks and line ends, and puts a comma after the last member of a block. Every other token and every
 * comment stays. A text that is formatted already stays as it is.
 *
 * Text → tokens and comments → statements (one a line, or the head of a block) → lines. A statement that is longer than a line has its
 * first list broken, one item a line, and so has one whose list begins on a line of its own.
 */
import { type Comment, scan, type Token } from "../wit/scan.ts";
import { gapBetween } from "./gaps.ts";

const INDENT = "    ";
const LINE_WIDTH = 120;

type Piece = (Token | (Comment & { readonly kind: "comment"; readonly text: string })) & {
	/** Line ends between the piece and the one before. */
	readonly newlines: number;
};

/** Words that begin a statement whose braces hold members with a comma after each. */
const LISTS: ReadonlySet<string> = new Set(["record", "variant", "enum", "flags"]);
/** Words that begin a statement whose braces are part of the line. */
const INLINE: ReadonlySet<string> = new Set(["use", "include"]);

/** @param text a sound WIT file: what the parser refuses is not for the formatter */
export function formatWit(text: string): string {
	const printer = new Printer();
	for (const piece of pieces(text.replaceAll("\r\n", "\n").replace(/^\uFEFF/, ""))) printer.add(piece);
	return printer.finish();
}

function pieces(text: string): Piece[] {
	const { tokens, comments } = scan(text);
	const all = [
		...tokens,
		...comments.map((comment) => ({ ...comment, kind: "comment" as const, text: text.slice(comment.start, comment.end).trimEnd() })),
	].sort((a, b) => a.start - b.start);
	return all.map((piece, index) => {
		const gap = text.slice(all[index - 1]?.end ?? 0, piece.start);
		return { ...piece, newlines: gap.split("\n").length - 1 };
	});
}

class Printer {
	readonly #lines: string[] = [];
	/** The words that opened the blocks around. */
	readonly #blocks: string[] = [];
	#statement: Piece[] = [];
	/** Depth of brackets within the statement. */
	#depth = 0;

	add(piece: Piece): void {
		if (piece.kind === "comment") this.#comment(piece);
		else if (piece.text === "}" && this.#depth === 0) this.#close(piece);
		else this.#token(piece);
	}

	#token(piece: Piece): void {
		const { text } = piece;
		this.#statement.push(piece);
		if (text === "{" && this.#depth === 0 && !INLINE.has(this.#head())) {
			this.#open();
			return;
		}
		if (/^[({<]$/.test(text)) this.#depth++;
		else if (/^[)}>]$/.test(text)) this.#depth--;
		if (this.#depth > 0) return;
		const isGate = text === ")" && this.#statement[0]?.text === "@";
		if (text === ";" || text === "," || isGate) this.#endStatement();
	}

	finish(): string {
		this.#endStatement();
		while (this.#lines[0] === "") this.#lines.shift();
		return this.#lines.length === 0 ? "" : `${this.#lines.join("\n")}\n`;
	}

	#comment(comment: Piece): void {
		if (this.#statement.length > 0) {
			this.#statement.push(comment);
			return;
		}
		const last = this.#lines.at(-1);
		if (comment.newlines === 0 && last !== undefined) {
			this.#lines[this.#lines.length - 1] = `${last} ${comment.text}`;
			return;
		}
		this.#blankLine(comment);
		this.#lines.push(this.#indent() + comment.text);
	}

	/** The word that says what the statement is. */
	#head(): string {
		const words = this.#statement.filter((piece) => piece.kind !== "comment");
		return words[0]?.text ?? "";
	}

	#open(): void {
		const isNamed = this.#statement.some((piece) => piece.text === ":") && this.#statement.some((piece) => piece.text === "interface");
		const block = isNamed ? "interface" : this.#head();
		this.#endStatement();
		this.#blocks.push(block);
	}

	#close(brace: Piece): void {
		this.#endStatement(LISTS.has(this.#blocks.at(-1) ?? "") ? "," : "");
		this.#blocks.pop();
		const last = this.#lines.at(-1);
		if (last?.endsWith("{") === true && !last.trimStart().startsWith("//")) this.#lines[this.#lines.length - 1] = `${last}}`;
		else {
			while (this.#lines.at(-1) === "") this.#lines.pop();
			this.#lines.push(`${this.#indent()}${brace.text}`);
		}
		this.#depth = 0;
	}

	#endStatement(added = ""): void {
		const statement = this.#statement;
		this.#statement = [];
		this.#depth = 0;
		const [first] = statement;
		if (first === undefined) return;
		this.#blankLine(first);
		// Comments at the end go behind a comma that is added.
		let end = statement.length;
		while (added !== "" && statement[end - 1]?.kind === "comment") end--;
		const code = statement.slice(0, end);
		const trailing = statement.slice(end);
		this.#lines.push(...linesOf(code, this.#indent(), added));
		for (const comment of trailing) this.#comment(comment);
	}

	/** Keeps one blank line where the text has some, but none at the begin of a block. */
	#blankLine({ newlines }: Piece): void {
		const last = this.#lines.at(-1);
		if (last === undefined || last === "" || last.endsWith("{")) return;
		if (newlines > 1) this.#lines.push("");
	}

	#indent(): string {
		return INDENT.repeat(this.#blocks.length);
	}
}

/** The lines of a statement. */
function linesOf(statement: readonly Piece[], indent: string, added: string): string[] {
	if (statement.slice(0, -1).some((piece) => piece.kind === "comment" && piece.text.startsWith("//")))
		return asWritten(statement, indent, added);
	const line = indent + inline(statement) + added;
	const open = statement.findIndex(({ text }) => text === "(" || text === "{");
	if (line.length <= LINE_WIDTH && (statement[open + 1]?.newlines ?? 0) === 0) return [line];
	return broken(statement, open, indent, added) ?? [line];
}

function inline(statement: readonly Piece[]): string {
	let line = "";
	let head = statement[0]?.text ?? "";
	for (const [index, piece] of statement.entries()) {
		const before = statement[index - 1];
		line += before === undefined ? piece.text : gapBetween(before, piece, statement[index + 1]?.text ?? "", head) + piece.text;
		// Names of packages stand before the parameters of a function.
		if (piece.text === "(") head = "";
	}
	return line;
}

/** The statement with its list broken: one item a line. Undefined without such a list. */
function broken(statement: readonly Piece[], open: number, indent: string, added: string): string[] | undefined {
	if (open < 0 || open === statement.length - 1) return undefined;
	const items: Piece[][] = [[]];
	let depth = 0;
	let close = open + 1;
	for (; close < statement.length; close++) {
		const piece = statement[close];
		if (piece === undefined || (depth === 0 && /^[)}]$/.test(piece.text))) break;
		depth += /^[({<]$/.test(piece.text) ? 1 : /^[)}>]$/.test(piece.text) ? -1 : 0;
		if (piece.text === "," && depth === 0) items.push([]);
		else items.at(-1)?.push(piece);
	}
	const filled = items.filter((item) => item.length > 0);
	if (filled.length === 0) return undefined;
	return [
		indent + inline(statement.slice(0, open + 1)),
		...filled.map((item) => `${indent}${INDENT}${inline(item)},`),
		indent + inline(statement.slice(close)) + added,
	];
}

/** A statement with a comment to the end of a line inside keeps its line ends. */
function asWritten(statement: readonly Piece[], indent: string, added: string): string[] {
	const lines: Piece[][] = [];
	for (const piece of statement) {
		const last = lines.at(-1);
		if (last === undefined || piece.newlines > 0) lines.push([piece]);
		else last.push(piece);
	}
	return lines.map((line, index) => {
		const isLast = index === lines.length - 1;
		const closes = /^[)}>]/.test(line[0]?.text ?? "");
		return `${indent}${index === 0 || closes ? "" : INDENT}${inline(line)}${isLast ? added : ""}`;
	});
}
