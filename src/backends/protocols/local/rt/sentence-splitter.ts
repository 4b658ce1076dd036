/** Text without the end of a sentence that is spoken all the same, in characters. Bounds the text that is searched again. */
const MAX_HELD = 320;

const SEGMENTER = new Intl.Segmenter("en", { granularity: "sentence" });

/** Splits a text that arrives in pieces into sentences. The sentences, joined, are the text. */
export class SentenceSplitter {
	#held = "";

	/** Adds text, and returns the sentences that are complete. The last one is not: its end may still move. */
	add(text: string): string[] {
		const sentences: string[] = [];
		for (let from = 0; from < text.length; ) {
			const piece = text.slice(from, from + MAX_HELD);
			from += piece.length;
			this.#held += piece;
			const found = Array.from(SEGMENTER.segment(this.#held), ({ segment }) => segment);
			this.#held = found.pop() ?? "";
			sentences.push(...found);
			if (this.#held.length > MAX_HELD) sentences.push(this.#cut());
		}
		return sentences;
	}

	/** Returns the rest. */
	end(): string[] {
		const rest = this.#held;
		this.#held = "";
		return rest === "" ? [] : [rest];
	}

	/** Removes and returns the beginning of a long sentence: up to the last clause, else up to the last word. */
	#cut(): string {
		const clause = Math.max(...[", ", "; ", ": "].map((end) => this.#held.lastIndexOf(end)));
		const blank = this.#held.lastIndexOf(" ");
		const end = /[\ud800-\udbff]$/.test(this.#held) ? this.#held.length - 1 : this.#held.length;
		const at = clause > MAX_HELD / 4 ? clause + 2 : blank > 0 ? blank + 1 : end;
		const beginning = this.#held.slice(0, at);
		this.#held = this.#held.slice(at);
		return beginning;
	}
}
