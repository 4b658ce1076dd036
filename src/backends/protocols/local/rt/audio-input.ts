/** Step of the input in its order. */
export type InputStep =
	| { readonly type: "audio"; readonly audio: Uint8Array }
	| { readonly type: "commit" }
	/** Discards the audio since the last commit that the detector has. */
	| { readonly type: "clear" }
	/** Ends the speech in progress, because no more audio comes. */
	| { readonly type: "flush" };

export interface AudioInputOptions {
	/** Least audio that is worth a step, in bytes. Smaller pieces are joined. */
	readonly minBytes: number;
	/** Most audio of one step, in bytes. Bounds the time for which a session keeps the engine from others. */
	readonly maxBytes: number;
	/** Audio from which the input is full, in bytes. */
	readonly fullBytes: number;
}

/** Most marks that wait. */
const MAX_MARKS = 64;

/** Input of a session that waits for the engines, in order. Pieces of any size become steps of a few hundred milliseconds. */
export class AudioInput {
	readonly #options: AudioInputOptions;
	/** Pieces of audio, and marks between them. */
	readonly #queue: (Uint8Array | "commit" | "clear" | "flush")[] = [];
	#bytes = 0;
	#marks = 0;

	constructor(options: AudioInputOptions) {
		this.#options = options;
	}

	/** True if more input should wait. */
	get isFull(): boolean {
		return this.#bytes >= this.#options.fullBytes || this.#marks >= MAX_MARKS;
	}

	/** True if {@link next} would return a step. */
	get hasStep(): boolean {
		return this.#marks > 0 || this.#bytes >= this.#options.minBytes;
	}

	/** Bytes of audio that wait. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Adds a copy of audio. Pieces too small for a step are joined, so that a flood of tiny pieces holds no list of them. */
	add(audio: Uint8Array): void {
		if (audio.length === 0) return;
		const last = this.#queue.at(-1);
		this.#bytes += audio.length;
		if (last instanceof Uint8Array && last.length < this.#options.minBytes) {
			const joined = new Uint8Array(last.length + audio.length);
			joined.set(last);
			joined.set(audio, last.length);
			this.#queue[this.#queue.length - 1] = joined;
		} else this.#queue.push(audio.slice());
	}

	/** Adds a mark. */
	mark(mark: "commit" | "flush"): void {
		this.#queue.push(mark);
		this.#marks++;
	}

	/** Removes the audio that was added since the last commit, and adds the mark that discards the audio before it. */
	clear(): void {
		while (this.#queue.length > 0 && this.#queue.at(-1) !== "commit") {
			const removed = this.#queue.pop();
			if (removed instanceof Uint8Array) this.#bytes -= removed.length;
			else this.#marks--;
		}
		this.#queue.push("clear");
		this.#marks++;
	}

	/** Removes and returns the next step. `undefined` if too little audio waits. */
	next(): InputStep | undefined {
		if (!this.hasStep) return undefined;
		const first = this.#queue.shift();
		if (first === undefined) return undefined;
		if (!(first instanceof Uint8Array)) {
			this.#marks--;
			return { type: first };
		}
		const { maxBytes } = this.#options;
		const audio = first.subarray(0, maxBytes);
		if (first.length > maxBytes) this.#queue.unshift(first.subarray(maxBytes));
		this.#bytes -= audio.length;
		return { type: "audio", audio };
	}
}
