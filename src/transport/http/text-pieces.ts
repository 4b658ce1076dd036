/** Most pieces that are not joined. */
const MAX_LOOSE = 1024;

/**
 * Text that is collected from pieces of any size. Appending to a string would cost tens of bytes for each piece, and an upstream may send one
 * character a piece.
 */
export class TextPieces {
	#joined: string[] = [];
	#loose: string[] = [];
	#length = 0;

	/** Length of the whole text, in UTF-16 units. */
	get length(): number {
		return this.#length;
	}

	add(piece: string): void {
		if (piece === "") return;
		this.#length += piece.length;
		this.#loose.push(piece);
		if (this.#loose.length < MAX_LOOSE) return;
		this.#joined.push(this.#loose.join(""));
		this.#loose = [];
	}

	/** Returns the whole text, and begins another. */
	take(): string {
		const text = [...this.#joined, ...this.#loose].join("");
		this.#joined = [];
		this.#loose = [];
		this.#length = 0;
		return text;
	}
}
