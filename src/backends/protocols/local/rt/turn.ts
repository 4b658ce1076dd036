import { Agreement, wordsOf } from "./agreement.ts";
import { ENGINE_RATE } from "./engines.ts";
import { SpeechSamples } from "./speech-samples.ts";
import type { Transcriber } from "./transcriber.ts";

/** New speech after which the text of a part is written again, in samples: 0.8 seconds. */
const DRAFT_SAMPLES = 0.8 * ENGINE_RATE;

/** Turn of the speaker: its speech, and its text as far as it is known. */
export class Turn {
	/** Id of the item that the turn becomes. */
	readonly id: string;
	readonly #transcriber: Transcriber;
	readonly #onWords: ((words: readonly string[]) => void) | undefined;
	readonly #samples = new SpeechSamples();
	readonly #parts: Promise<void>[] = [];
	readonly #words: string[] = [];
	readonly #discard = new AbortController();
	#agreement = new Agreement();
	#draft = new AbortController();
	/** Samples of the part at its latest draft. */
	#drafted = 0;

	/** @param onWords Receives the words of the transcript as they become certain, while the turn goes on. Absent: nothing is written before the end of a part. */
	constructor(id: string, transcriber: Transcriber, onWords?: (words: readonly string[]) => void) {
		this.id = id;
		this.#transcriber = transcriber;
		this.#onWords = onWords;
	}

	/** Adds speech. */
	add(samples: Float32Array): void {
		for (const part of this.#samples.add(samples)) this.#finishPart(part);
		if (this.#onWords === undefined || !this.#transcriber.isIdle || this.#samples.length - this.#drafted < DRAFT_SAMPLES) return;
		this.#drafted = this.#samples.length;
		void this.#writeDraft(this.#draft.signal, this.#agreement);
	}

	/** Ends the part of speech. Later speech is another part of the same turn. */
	endPart(): void {
		if (this.#samples.length > 0) this.#finishPart(this.#samples.take());
	}

	/**
	 * Ends the turn. Returns its text once all parts are recognized.
	 *
	 * @throws SpearError as the recognition fails.
	 */
	async finish(): Promise<string> {
		this.endPart();
		await Promise.all(this.#parts);
		return this.#words.join(" ");
	}

	/** Ends the turn without a text. */
	discard(): void {
		this.#discard.abort();
		this.#draft.abort();
	}

	#finishPart(samples: Float32Array): void {
		const agreement = this.#agreement;
		const next = new Agreement();
		this.#agreement = next;
		this.#draft.abort();
		this.#draft = new AbortController();
		this.#drafted = 0;
		const part = this.#transcriber.transcribe(samples).then((text) => {
			if (this.#discard.signal.aborted) return;
			this.#words.push(...wordsOf(text));
			this.#onWords?.(agreement.finish(text, next));
		});
		// The end of the turn reports the failure.
		part.catch(() => {});
		this.#parts.push(part);
	}

	async #writeDraft(signal: AbortSignal, agreement: Agreement): Promise<void> {
		try {
			const text = await this.#transcriber.draft(this.#samples.copy(), signal);
			if (!signal.aborted) this.#onWords?.(agreement.add(text));
		} catch {
			// The final text counts, and reports a failure.
		}
	}
}
