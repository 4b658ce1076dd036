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
			const key: unknown = JSON.parse(this.#text.slice(at, end));
			const value = new JsonSource(this.#text, skipSpace(this.#text, end) + 1);
			members.set(String(key), value);
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

function skipSpace(text: string, from: number): number {
	let at = from;
	while (" \t\n\r".includes(text[at] ?? "x")) at++;
	return at;
}

/** Returns the end of the value at `start`. */
function endOfValue(text: string, start: number): number {
	const first = text[start];
	if (first === '"') return endOfString(text, start);
	if (first !== "{" && first !== "[") return endOfWord(text, start);
	let depth = 0;
	for (let at = start; at < text.length; ) {
		const char = text[at];
		if (char === '"') {
			at = endOfString(text, at);
			continue;
		}
		if (char === "{" || char === "[") depth++;
		else if (char === "}" || char === "]") depth--;
		at++;
		if (depth === 0) return at;
	}
	return text.length;
}

function endOfString(text: string, start: number): number {
	let at = start + 1;
	while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
	return at + 1;
}

/** Returns the end of a number, `true`, `false` or `null`. */
function endOfWord(text: string, start: number): number {
	let at = start;
	while (at < text.length && !" \t\n\r,]}".includes(text[at] ?? "")) at++;
	return at;
}
