/**
 * A value within JSON text, as it is written there: for what must be handed on byte for byte, which parsing and printing would
 * not keep (order, spaces, escapes, digits). The text must be one that `JSON.parse` has taken; nothing is checked here.
 */
export class JsonSource {
	readonly #text: string;
	readonly #start: number;

	constructor(text: string, start = 0) {
		this.#text = text;
		this.#start = skipSpace(text, start);
	}

	/** A member of this object; the last of that name, as `JSON.parse` has it. */
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

	/** An item of this array. */
	item(index: number): JsonSource | undefined {
		if (this.#text[this.#start] !== "[") return undefined;
		let at = this.#enter();
		for (let passed = 0; this.#text[at] !== "]"; passed++) {
			if (passed === index) return new JsonSource(this.#text, at);
			at = this.#next(endOfValue(this.#text, at));
		}
		return undefined;
	}

	/** The value's text, without the space around it. */
	toString(): string {
		return this.#text.slice(this.#start, this.#end);
	}

	get #end(): number {
		return endOfValue(this.#text, this.#start);
	}

	/** Where the first key or item is, or the closing bracket. */
	#enter(): number {
		return skipSpace(this.#text, this.#start + 1);
	}

	/** Where the key or item after the value that ends at `end` is, or the closing bracket. */
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

/** Where the value that begins at `start` ends. */
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

/** Of a number, `true`, `false` or `null`. */
function endOfWord(text: string, start: number): number {
	let at = start;
	while (at < text.length && !" \t\n\r,]}".includes(text[at] ?? "")) at++;
	return at;
}
