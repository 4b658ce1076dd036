import type * as cchat from "../../../../../generated/ir/cchat.ts";
import { parseJson } from "../../../../formats/json.ts";
import { isObject } from "../../json/guards.ts";

/** Longest text that is held back because it may be a call, in characters. A longer one is text. */
const MAX_HELD = 256 * 1024;

/** Texts that may open a call. The language of a fenced block stands in its first line. */
const OPENINGS = ["<tool_call>", "```tool_call\n", "```json\n", "```\n"] as const;
const OPENING = /<tool_call>|```(?:tool_call|json)?\n/;

/** A text that may be a call. */
interface Form {
	readonly open: string;
	readonly close: string;
}

/** A part of an answer whose calls were read. */
export type WrittenPart = { readonly type: "text"; readonly text: string } | { readonly type: "call"; readonly call: cchat.ToolCall };

/**
 * Reads the tool calls that a model writes into its text: `<tool_call>{"name": …, "arguments": {…}}</tool_call>`, or the same object in a
 * fenced block. The text may arrive in pieces. Text that may be the beginning of a call is held back, and white space around calls is
 * dropped. An object that names no tool of the request is text.
 */
export class WrittenCalls {
	readonly #tools: ReadonlySet<string>;
	readonly #nextId: () => string;
	/** Text before a call that may begin at its end. */
	#pending = "";
	#form: Form | undefined;
	/** Text of the possible call, from its opening. */
	#held: string[] = [];
	#heldLength = 0;
	/** True if the held text has the beginning of an object. Without one it is no call. */
	#hasObject = false;
	/** End of the held text, in which its closing may begin. */
	#tail = "";
	/** White space that is text only if more text follows. */
	#space = "";
	#isEmpty = true;
	#calls = 0;

	/** @param nextId Returns the id of the next call. */
	constructor(tools: readonly Pick<cchat.Tool, "name">[], nextId: () => string) {
		this.#tools = new Set(tools.map(({ name }) => name));
		this.#nextId = nextId;
	}

	/** Yields the parts that a piece completes. */
	*push(piece: string): Generator<WrittenPart, void, void> {
		let rest = piece;
		while (rest !== "") rest = this.#form === undefined ? yield* this.#outside(rest) : yield* this.#inside(this.#form, rest);
	}

	/** Yields what is still held back. Call it once the text is complete. */
	*end(): Generator<WrittenPart, void, void> {
		if (this.#form !== undefined) {
			// Models leave out the closing at the end of an answer.
			const form = this.#form;
			yield* this.#close(this.#held.join(""), form, "");
		}
		yield* this.#text(this.#pending);
		this.#pending = "";
		if (this.#calls === 0 && this.#space !== "") yield { type: "text", text: this.#space };
		this.#space = "";
	}

	/** Reads text up to the opening of a call. Returns the text after it. */
	*#outside(piece: string): Generator<WrittenPart, string, void> {
		const text = this.#pending + piece;
		this.#pending = "";
		const found = OPENING.exec(text);
		if (found === null) {
			const safe = text.length - openingAtEnd(text);
			this.#pending = text.slice(safe);
			yield* this.#text(text.slice(0, safe));
			return "";
		}
		const [open] = found;
		yield* this.#text(text.slice(0, found.index));
		this.#form = { open, close: open.startsWith("`") ? "```" : "</tool_call>" };
		this.#hold(open);
		return text.slice(found.index + open.length);
	}

	/** Reads text up to the closing of a call. Returns the text after it. */
	*#inside(form: Form, piece: string): Generator<WrittenPart, string, void> {
		if (!this.#hasObject) {
			const start = piece.search(/\S/);
			if (start !== -1 && piece[start] !== "{") {
				this.#hold(piece.slice(0, start));
				yield* this.#giveUp();
				return piece.slice(start);
			}
			this.#hasObject = start !== -1;
		}
		const from = this.#tail.length;
		const window = this.#tail + piece;
		const at = window.indexOf(form.close);
		if (at === -1) {
			this.#hold(piece);
			this.#tail = window.slice(-(form.close.length - 1));
			if (this.#heldLength > MAX_HELD) yield* this.#giveUp();
			return "";
		}
		const end = at + form.close.length - from;
		this.#hold(piece.slice(0, Math.max(0, end)));
		yield* this.#close(this.#held.join(""), form, form.close);
		return piece.slice(Math.max(0, end));
	}

	*#close(held: string, form: Form, close: string): Generator<WrittenPart, void, void> {
		this.#reset();
		const call = this.#callOf(held.slice(form.open.length, held.length - close.length));
		if (call === undefined) yield* this.#text(held);
		else {
			this.#calls++;
			yield { type: "call", call: { ...call, id: this.#nextId() } };
		}
	}

	*#giveUp(): Generator<WrittenPart, void, void> {
		const held = this.#held.join("");
		this.#reset();
		yield* this.#text(held);
	}

	#reset(): void {
		this.#form = undefined;
		this.#held = [];
		this.#heldLength = 0;
		this.#hasObject = false;
		this.#tail = "";
	}

	#hold(text: string): void {
		this.#held.push(text);
		this.#heldLength += text.length;
	}

	/** Yields text, without white space at its beginning, and holds white space at its end. */
	*#text(text: string): Generator<WrittenPart, void, void> {
		if (text === "") return;
		const end = text.trimEnd().length;
		if (end === 0) {
			this.#space += text;
			return;
		}
		const full = this.#space + text.slice(0, end);
		yield { type: "text", text: this.#isEmpty && this.#calls > 0 ? full.trimStart() : full };
		this.#isEmpty = false;
		this.#space = text.slice(end);
	}

	#callOf(text: string): Omit<cchat.ToolCall, "id"> | undefined {
		const value = parsed(text);
		if (!isObject(value) || typeof value.name !== "string" || !this.#tools.has(value.name)) return undefined;
		const { arguments: args = {} } = value;
		if (isObject(args)) return { name: value.name, arguments: JSON.stringify(args) };
		return typeof args === "string" && isObject(parsed(args)) ? { name: value.name, arguments: args } : undefined;
	}
}

function parsed(text: string): unknown {
	try {
		return parseJson(text);
	} catch {
		return undefined;
	}
}

/** Returns the length of the longest beginning of an opening that a text ends with. */
function openingAtEnd(text: string): number {
	let longest = 0;
	for (const open of OPENINGS) {
		for (let length = Math.min(open.length - 1, text.length); length > longest; length--) {
			if (text.endsWith(open.slice(0, length))) longest = length;
		}
	}
	return longest;
}
