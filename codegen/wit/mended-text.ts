/** The text of a faulty file as it is parsed: with signs put in and parts blanked out, and the way back to offsets of the original. */
import type { Range } from "./syntax.ts";

export class MendedText {
	readonly text: string;
	/** Offsets in `text` of the characters that were put in, ascending. */
	readonly #inserted: readonly number[];

	constructor(text: string, inserted: readonly number[] = []) {
		this.text = text;
		this.#inserted = inserted;
	}

	/** Puts a sign in at an offset of `text`. */
	insert(offset: number, sign: string): MendedText {
		const moved = this.#inserted.map((each) => (each < offset ? each : each + sign.length));
		const added = Array.from(sign, (_, index) => offset + index);
		return new MendedText(
			this.text.slice(0, offset) + sign + this.text.slice(offset),
			[...moved, ...added].sort((a, b) => a - b),
		);
	}

	/** Overwrites a part with blanks. Lines stay as they are. */
	blank({ start, end }: Range): MendedText {
		const blanks = this.text.slice(start, end).replace(/[^\r\n]/g, " ");
		return new MendedText(this.text.slice(0, start) + blanks + this.text.slice(end), this.#inserted);
	}

	/** The offset in the original of an offset in `text`. */
	toOriginal(offset: number): number {
		if (this.#inserted.length === 0) return offset;
		return offset - this.#inserted.filter((each) => each < offset).length;
	}

	rangeToOriginal({ start, end }: Range): Range {
		return { start: this.toOriginal(start), end: this.toOriginal(end) };
	}
}
