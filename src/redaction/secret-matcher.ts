import { afterLineBreak, ESCAPE_STARTS, readEscapes } from "./escapes.ts";

/** Steps of one match for each character of the longest form. Bounds the work where a text can be read in several ways. */
const STEPS_PER_CHARACTER = 4;

/** Number of ASCII characters. */
const ASCII = 128;

interface Node {
	readonly children: Map<number, Node>;
	/** True if a form ends here. */
	isEnd: boolean;
}

/**
 * Finds texts, in any letter case, with any of their characters escaped, and broken into lines. The time is linear in the text, whatever the number of forms:
 * the forms are one tree, and a match reads no further than the longest form.
 */
export class SecretMatcher {
	/** Length of the longest form, in characters. */
	readonly longest: number;
	/** Length of the shortest form, in characters. `Infinity` without forms. An escaped form is longer. */
	readonly #shortest: number;
	readonly #root: Node = { children: new Map(), isEnd: false };
	/** 1 for each ASCII character that a form, or an escape, may start with. Texts have little else, and pay one read of the table for each. */
	readonly #starts = new Uint8Array(ASCII);

	constructor(forms: Iterable<string>) {
		let longest = 0;
		let shortest = Number.POSITIVE_INFINITY;
		for (const form of forms) {
			let node = this.#root;
			for (let index = 0; index < form.length; index++) node = childOf(node, lowerCase(form.charCodeAt(index)));
			node.isEnd = form !== "";
			longest = Math.max(longest, form.length);
			if (form !== "") shortest = Math.min(shortest, form.length);
		}
		for (let code = 0; code < ASCII; code++) this.#starts[code] = this.#isStart(code) ? 1 : 0;
		this.longest = longest;
		this.#shortest = shortest;
	}

	/** Replaces every occurrence of a form by `mask`. Of several forms that begin at the same place, the longest is replaced. */
	replace(text: string, mask: string): string {
		if (text.length < this.#shortest) return text;
		let clean = "";
		let copied = 0;
		for (let at = 0; at < text.length; at++) {
			if (!this.#mayStart(text.charCodeAt(at))) continue;
			const end = this.#longestAt(text, at);
			if (end === undefined) continue;
			clean += text.slice(copied, at) + mask;
			copied = end;
			at = end - 1;
		}
		return copied === 0 ? text : clean + text.slice(copied);
	}

	/** Returns false for most characters, so that a text without secrets costs one comparison for each character. */
	#mayStart(code: number): boolean {
		return code < ASCII ? this.#starts[code] === 1 : this.#isStart(code);
	}

	#isStart(code: number): boolean {
		return ESCAPE_STARTS.has(code) || this.#root.children.has(lowerCase(code));
	}

	/** Returns the end of the longest form at a position. */
	#longestAt(text: string, start: number): number | undefined {
		let steps = STEPS_PER_CHARACTER * this.longest;
		let end: number | undefined;
		const walk = (node: Node, at: number): void => {
			if (node.isEnd && at > (end ?? 0)) end = at;
			if (at >= text.length || steps-- <= 0) return;
			const follow = (character: number, next: number): void => {
				const child = node.children.get(lowerCase(character));
				if (child !== undefined) walk(child, next);
			};
			follow(text.charCodeAt(at), at + 1);
			readEscapes(text, at, follow);
			const next = node === this.#root ? undefined : afterLineBreak(text, at);
			if (next !== undefined) walk(node, next);
		};
		walk(this.#root, start);
		return end;
	}
}

function childOf(node: Node, character: number): Node {
	const known = node.children.get(character);
	if (known !== undefined) return known;
	const child: Node = { children: new Map(), isEnd: false };
	node.children.set(character, child);
	return child;
}

/** Returns the code of an ASCII letter in lower case, and every other code unchanged. */
function lowerCase(code: number): number {
	return code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}
