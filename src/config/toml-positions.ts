import { parse } from "smol-toml";

/** The place of a value in a text. Offsets are in characters from 0. */
export interface TextNode {
	/** Offset of the key. For an item of a list, the offset of the item. */
	key: number;
	/** Offset of the value. For a table with a header, the offset of the header. */
	value: number;
	/** Members of a table by name, and items of a list by index. */
	readonly members: Map<string, TextNode>;
	/** True for a list of tables, which further headers extend. */
	ofTables: boolean;
}

interface KeyPart {
	readonly name: string;
	readonly at: number;
}

/**
 * Returns the place of every key and value of a TOML text. The parser reports no positions of values, so this reads the text a second
 * time. Takes time linear in the length of the text.
 *
 * @param text A text that the TOML parser accepts, without a byte order mark.
 */
export function tomlPositions(text: string): TextNode {
	return new Scanner(text).document();
}

function nodeAt(at: number): TextNode {
	return { key: at, value: at, members: new Map(), ofTables: false };
}

/** Reads a valid text. Checks nothing that the parser has checked. */
class Scanner {
	readonly #text: string;
	#at = 0;

	constructor(text: string) {
		this.#text = text;
	}

	document(): TextNode {
		const root = nodeAt(this.#at);
		let table = root;
		for (;;) {
			this.#skipBetween(/[ \t\r\n]*/y);
			if (this.#at >= this.#text.length) return root;
			if (this.#text[this.#at] === "[") table = this.#header(root);
			else this.#pair(table);
		}
	}

	#header(root: TextNode): TextNode {
		const start = this.#at;
		const ofTables = this.#text[start + 1] === "[";
		this.#at += ofTables ? 2 : 1;
		const key = this.#key();
		this.#at += ofTables ? 2 : 1;
		const table = follow(root, key);
		if (!ofTables) {
			table.key = key.at(-1)?.at ?? start;
			table.value = start;
			return table;
		}
		table.ofTables = true;
		const item = { ...nodeAt(key.at(-1)?.at ?? start), value: start };
		table.members.set(String(table.members.size), item);
		return item;
	}

	#pair(table: TextNode): void {
		const node = follow(table, this.#key());
		this.#skip(/[ \t]*=[ \t]*/y);
		node.value = this.#at;
		this.#value(node);
	}

	#key(): KeyPart[] {
		const parts: KeyPart[] = [];
		do {
			this.#skip(/[ \t]*/y);
			const at = this.#at;
			const quoted = this.#text[at] === '"' || this.#text[at] === "'";
			if (quoted) this.#string();
			else this.#skip(/[A-Za-z0-9_-]+/y);
			const written = this.#text.slice(at, this.#at);
			parts.push({ name: quoted ? unquoted(written) : written, at });
			this.#skip(/[ \t]*/y);
		} while (this.#skip(/\./y));
		return parts;
	}

	#value(node: TextNode): void {
		switch (this.#text[this.#at]) {
			case '"':
			case "'":
				this.#string();
				break;
			case "[":
				this.#items("]", () => {
					const item = nodeAt(this.#at);
					node.members.set(String(node.members.size), item);
					this.#value(item);
				});
				break;
			case "{":
				this.#items("}", () => this.#pair(node));
				break;
			default:
				this.#skip(/[^,\]}#\r\n]+/y);
		}
	}

	/** Reads the parts of a list or an inline table up to `end`. */
	#items(end: string, read: () => void): void {
		this.#at += 1;
		for (;;) {
			this.#skipBetween(/[ \t\r\n,]*/y);
			if (this.#text[this.#at] === end) break;
			read();
		}
		this.#at += 1;
	}

	#string(): void {
		const quote = this.#text[this.#at] ?? "";
		const multiline = this.#text.startsWith(quote.repeat(3), this.#at);
		const fence = multiline ? quote.repeat(3) : quote;
		this.#at += fence.length;
		while (!this.#text.startsWith(fence, this.#at)) this.#at += quote === '"' && this.#text[this.#at] === "\\" ? 2 : 1;
		this.#at += fence.length;
		// The text of a multi-line string may end in one or two quotes.
		if (multiline) while (this.#text[this.#at] === quote) this.#at += 1;
	}

	/** Moves behind blanks and comments. */
	#skipBetween(blanks: RegExp): void {
		this.#skip(blanks);
		while (this.#text[this.#at] === "#") {
			const end = this.#text.indexOf("\n", this.#at);
			this.#at = end === -1 ? this.#text.length : end;
			this.#skip(blanks);
		}
	}

	/** Moves behind a match of a sticky pattern. Returns false without one. */
	#skip(pattern: RegExp): boolean {
		pattern.lastIndex = this.#at;
		const matches = pattern.test(this.#text);
		if (matches) this.#at = pattern.lastIndex;
		return matches;
	}
}

/** Returns the node that a dotted key names, creating the nodes on the way. A list of tables stands for its last table. */
function follow(from: TextNode, key: readonly KeyPart[]): TextNode {
	let node = from;
	for (const { name, at } of key) {
		if (node.ofTables) node = node.members.get(String(node.members.size - 1)) ?? node;
		const next = node.members.get(name) ?? nodeAt(at);
		node.members.set(name, next);
		node = next;
	}
	return node;
}

function unquoted(written: string): string {
	if (!written.includes("\\")) return written.slice(1, -1);
	const { key } = parse(`key = ${written}`);
	return typeof key === "string" ? key : written;
}
