import { SpearError } from "../../../../errors/spear-error.ts";
import type { Recognition } from "./engines.ts";
import type { Progress } from "./progress.ts";

/**
 * Recognition for one session: one part after another, in order. A session has at most two tasks at the engine, so sessions take turns there
 * whatever each of them sends.
 */
export class Transcriber {
	readonly #recognition: Recognition;
	readonly #progress: Progress;
	readonly #signal: AbortSignal;
	#last: Promise<unknown> = Promise.resolve();
	#pending = 0;
	#drafts = 0;

	constructor(recognition: Recognition, progress: Progress, signal: AbortSignal) {
		this.#recognition = recognition;
		this.#progress = progress;
		this.#signal = signal;
	}

	/** Number of parts whose text is not there yet. */
	get pending(): number {
		return this.#pending;
	}

	/** True while no recognition of this session runs or waits. */
	get isIdle(): boolean {
		return this.#pending === 0 && this.#drafts === 0;
	}

	/** Returns the text of a part that is complete. */
	transcribe(samples: Float32Array): Promise<string> {
		this.#pending++;
		const text = this.#last.then(() => this.#insist(samples));
		this.#last = text
			.catch(() => {})
			.finally(() => {
				this.#pending--;
				this.#progress.changed();
			});
		return text;
	}

	/** Returns the text of a part that goes on. */
	async draft(samples: Float32Array, signal: AbortSignal): Promise<string> {
		this.#drafts++;
		try {
			return await this.#recognition.recognize(samples, AbortSignal.any([signal, this.#signal]));
		} finally {
			this.#drafts--;
		}
	}

	/** Recognizes again after a failure of the engine, because speech cannot be sent again. */
	async #insist(samples: Float32Array): Promise<string> {
		try {
			return await this.#recognition.recognize(samples, this.#signal);
		} catch (thrown) {
			if (!(thrown instanceof SpearError) || thrown.code !== "backend_error" || !thrown.retryable) throw thrown;
			return await this.#recognition.recognize(samples, this.#signal);
		}
	}
}
