const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Progress of JSON text that arrives in pieces. `blank`: only space so far. `complete`: an object, a list or a string has ended. `open`: any
 * other text. A number or a word stays `open`, because the next piece may extend it.
 */
export type JsonState = "blank" | "open" | "complete";

/** Tracks {@link JsonState}. Reads each character once, and checks no grammar. */
export class JsonProgress {
	state: JsonState = "blank";
	#depth = 0;
	#inString = false;
	#escaped = false;

	/** Adds a piece. A value that begins after a complete one makes the state `open` again. */
	add(piece: string): void {
		for (let at = 0; at < piece.length; at++) {
			const code = piece.charCodeAt(at);
			if (this.#inString) this.#addToString(code);
			else if (!isSpace(code)) this.#addToken(code);
		}
	}

	#addToString(code: number): void {
		if (this.#escaped) this.#escaped = false;
		else if (code === BACKSLASH) this.#escaped = true;
		else if (code === QUOTE) {
			this.#inString = false;
			this.#close();
		}
	}

	#addToken(code: number): void {
		this.state = "open";
		if (code === QUOTE) this.#inString = true;
		else if (code === 0x7b || code === 0x5b) this.#depth++;
		else if (code === 0x7d || code === 0x5d) {
			this.#depth = Math.max(this.#depth - 1, 0);
			this.#close();
		}
	}

	#close(): void {
		if (this.#depth === 0) this.state = "complete";
	}
}

/** Returns true for text without a character that is not JSON space. */
export function isBlank(text: string): boolean {
	for (let at = 0; at < text.length; at++) if (!isSpace(text.charCodeAt(at))) return false;
	return true;
}

/** Returns true for a UTF-16 unit that is JSON space. */
export function isSpace(code: number): boolean {
	return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
