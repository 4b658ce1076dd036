/** A spoken sentence. */
interface Sentence {
	readonly text: string;
	/** Duration of its audio so far, in milliseconds. */
	ms: number;
}

/** Text of an answer by the time at which it is heard. */
export class SpokenAnswer {
	readonly #sentences: Sentence[] = [];
	/** The text is that of the audio up to here, in milliseconds. */
	#endMs = Number.POSITIVE_INFINITY;

	/** Adds a sentence, whose audio follows. */
	add(text: string): void {
		this.#sentences.push({ text, ms: 0 });
	}

	/** Adds audio of the last sentence. */
	addAudio(ms: number): void {
		const last = this.#sentences.at(-1);
		if (last !== undefined) last.ms += ms;
	}

	/** Shortens the answer to the text that is heard up to a time, in milliseconds. Never lengthens it. */
	truncate(ms: number): void {
		this.#endMs = Math.min(this.#endMs, ms);
	}

	/** True if a part of the text was not heard. */
	get isTruncated(): boolean {
		return this.#endMs < this.#sentences.reduce((sum, { ms }) => sum + ms, 0);
	}

	/** The text that was heard. A sentence that was cut keeps whole words, in proportion to its time. */
	get text(): string {
		let text = "";
		let startMs = 0;
		for (const sentence of this.#sentences) {
			if (startMs >= this.#endMs) break;
			const part = sentence.ms === 0 ? 1 : (this.#endMs - startMs) / sentence.ms;
			text += part >= 1 ? sentence.text : beginning(sentence.text, part);
			startMs += sentence.ms;
		}
		return text.trim();
	}
}

function beginning(text: string, part: number): string {
	const cut = text.slice(0, Math.floor(text.length * part));
	return cut.slice(0, cut.lastIndexOf(" ") + 1);
}
