import { endOfString } from "../../../formats/json.ts";
import { isSpace } from "./progress.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;

/**
 * A value within JSON text, exactly as it is written there. Parsing and printing would change order, spaces, escapes and digits.
 * Requires text that `JSON.parse` accepts; does not check it again. Each level is read once, so that all members and items together cost
 * linear time; keep the object to read several.
 */
export class JsonSource {
	readonly #text: string;
	readonly #start: number;
	#end: number | undefined;
	#members: Map<string, JsonSource> | undefined;
	#items: JsonSource[] | undefined;

	constructor(text: string, start = 0) {
		this.#text = text;
		this.#start = skipSpace(text, start);
	}

	/** Returns a member of this object: the last of that name, as `JSON.parse` does. The first call reads all members. */
	member(name: string): JsonSource | undefined {
		this.#members ??= this.#readMembers();
		return this.#members.get(name);
	}

	/** Returns an item of this array. The first call reads all items. */
	item(index: number): JsonSource | undefined {
		this.#items ??= this.#readItems();
		return this.#items[index];
	}

	/** Returns the text of the value, without the space around it. */
	toString(): string {
		return this.#text.slice(this.#start, this.#findEnd());
	}

	#readMembers(): Map<string, JsonSource> {
		const members = new Map<string, JsonSource>();
		if (this.#text[this.#start] !== "{") return members;
		for (let at = this.#enter(); this.#text[at] !== "}"; ) {
			const end = endOfValue(this.#text, at);
			const value = new JsonSource(this.#text, skipSpace(this.#text, end) + 1);
			members.set(keyOf(this.#text.slice(at, end)), value);
			at = this.#next(value.#findEnd());
		}
		return members;
	}

	#readItems(): JsonSource[] {
		const items: JsonSource[] = [];
		if (this.#text[this.#start] !== "[") return items;
		for (let at = this.#enter(); this.#text[at] !== "]"; ) {
			const item = new JsonSource(this.#text, at);
			items.push(item);
			at = this.#next(item.#findEnd());
		}
		return items;
	}

	/** Returns the offset after the value. */
	#findEnd(): number {
		this.#end ??= endOfValue(this.#text, this.#start);
		return this.#end;
	}

	/** Returns the offset of the first key or item, or of the closing bracket. */
	#enter(): number {
		return skipSpace(this.#text, this.#start + 1);
	}

	/** Returns the offset of the key or item that follows the value before `end`, or of the closing bracket. */
	#next(end: number): number {
		const at = skipSpace(this.#text, end);
		return this.#text[at] === "," ? skipSpace(this.#text, at + 1) : at;
	}
}

/**
 * Returns a function with the same value that calls `read` at most once. A source remembers what it has read, so items that each made a
 * source of the whole text would read the text once for each item.
 */
export function readOnce(read: () => JsonSource | undefined): () => JsonSource | undefined {
	let known: { readonly source: JsonSource | undefined } | undefined;
	return () => {
		known ??= { source: read() };
		return known.source;
	};
}

/** Returns a key without its quotes and escapes. */
function keyOf(written: string): string {
	return written.includes("\\") ? String(JSON.parse(written)) : written.slice(1, -1);
}

function skipSpace(text: string, from: number): number {
	let at = from;
	while (isSpace(text.charCodeAt(at))) at++;
	return at;
}

/** Returns the end of the value at `start`. */
function endOfValue(text: string, start: number): number {
	const first = text.charCodeAt(start);
	if (first === QUOTE) return endOfString(text, start) + 1;
	if (!isOpening(first)) return endOfWord(text, start);
	let depth = 0;
	for (let at = start; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === QUOTE) at = endOfString(text, at);
		else if (isOpening(code)) depth++;
		else if (isClosing(code) && --depth === 0) return at + 1;
	}
	return text.length;
}

/** Returns the end of a number, `true`, `false` or `null`. */
function endOfWord(text: string, start: number): number {
	for (let at = start; at < text.length; at++) {
		const code = text.charCodeAt(at);
		if (code === COMMA || isClosing(code) || isSpace(code)) return at;
	}
	return text.length;
}

function isOpening(code: number): boolean {
	return code === 0x5b || code === 0x7b;
}

function isClosing(code: number): boolean {
	return code === 0x5d || code === 0x7d;
}
