/** Counts the newlines before ascending offsets of a text, in one pass over it. */
export class RowCounter {
	readonly #text: string;
	#row = 0;
	#next: number;

	constructor(text: string) {
		this.#text = text;
		this.#next = text.indexOf("\n");
	}

	/** Row of an offset, from 0. No offset may be lower than the one before. */
	rowAt(offset: number): number {
		while (this.#next >= 0 && this.#next < offset) {
			this.#row += 1;
			this.#next = this.#text.indexOf("\n", this.#next + 1);
		}
		return this.#row;
	}
}
