/**
 * A value within JSON text, exactly as it is written there. Parsing and printing would change order, spaces, escapes and digits.
 * Requires text that `JSON.parse` accepts; does not check it again.
 */
export class JsonSource {
	readonly #text: string;
	readonly #start: number;

	constructor(text: string, start = 0) {
		this.#text = text;
		this.#start = skipSpace(text, start);
	}

	/** Returns a member of this object: the last of that name, as `JSON.parse` does. */
	member(name: string): JsonSource | undefined {
		let found: JsonSource | undefined;
		if (this.#text[this.#start] !== "{") return undefined;
		for (let at = this.#enter(); this.#text[at] !== "}"; ) {
			const end = endOfValue(this.#text, at);
			const key: unknown = JSON.parse(this.#text.slice(at, end));
			const value = new JsonSource(this.#text, skipSpace(this.#text, end) + 1);
			if (key === name) found = value;
			at = this.#next(value.#end);
		}
		return found;
	}

	/** Returns an item of this array. */
	item(index: number): JsonSource | undefined {
		if (this.#text[this.#start] !== "[") return undefined;
		let at = this.#enter();
		for (let passed = 0; this.#text[at] !== "]"; passed++) {
			if (passed === index) return new JsonSource(this.#text, at);
			at = this.#next(endOfValue(this.#text, at));
		}
		return undefined;
	}

	/** Returns the text of the value, without the space around it. */
	toString(): string {
		return this.#text.slice(this.#start, this.#end);
	}

	get #end(): number {
		return endOfValue(this.#text, this.#start);
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
