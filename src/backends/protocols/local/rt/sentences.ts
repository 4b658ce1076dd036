import type { Progress } from "./progress.ts";
import { SentenceSplitter } from "./sentence-splitter.ts";

/** Sentences of an answer, written by the chat backend and read by the voice. The writer bounds the text. */
export class Sentences {
	readonly #progress: Progress;
	readonly #splitter = new SentenceSplitter();
	readonly #waiting: string[] = [];
	#hasEnded = false;

	constructor(progress: Progress) {
		this.#progress = progress;
	}

	/** Adds text of the answer. */
	add(text: string): void {
		this.#waiting.push(...this.#splitter.add(text));
		this.#progress.changed();
	}

	/** Ends the answer. */
	end(): void {
		this.#waiting.push(...this.#splitter.end());
		this.#hasEnded = true;
		this.#progress.changed();
	}

	/** Yields the sentences. */
	async *read(): AsyncGenerator<string, void, void> {
		for (;;) {
			await this.#progress.until(() => this.#waiting.length > 0 || this.#hasEnded);
			const next = this.#waiting.shift();
			if (next !== undefined) yield next;
			else if (this.#hasEnded || this.#progress.hasEnded) return;
		}
	}
}
