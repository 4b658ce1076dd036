import { MODEL_RATE, WINDOW_SAMPLES } from "./sherpa.ts";

/** Rules for the beginning and the end of speech. Durations are in milliseconds. */
export interface CuttingRules {
	/** Shortest speech. Shorter sounds, such as clicks, are no speech. */
	readonly minSpeechMs: number;
	/** Pause that ends speech. */
	readonly silenceMs: number;
	/** Sound before the speech that belongs to its segment. The beginning of a word may be too quiet for the detector. */
	readonly prefixMs: number;
	/** Longest segment. Longer speech is cut at the quietest place of the last third. */
	readonly maxSegmentMs: number;
}

/** An event of speech. Times are in milliseconds from the beginning of the sound. */
export type SpeechEvent =
	| { readonly type: "speech-started"; readonly atMs: number }
	| { readonly type: "speech-stopped"; readonly atMs: number }
	/** Next samples of speech that goes on, in live sessions. */
	| { readonly type: "speech"; readonly samples: Float32Array<ArrayBuffer> }
	/** A part of speech to recognize, of recordings. */
	| { readonly type: "segment"; readonly startMs: number; readonly endMs: number; readonly samples: Float32Array<ArrayBuffer> };

/** Duration of one window, in milliseconds. */
const WINDOW_MS = (1000 * WINDOW_SAMPLES) / MODEL_RATE;

/** Longest sound after the speech that belongs to its segment, in milliseconds. */
const TAIL_MS = 200;

/** Windows around a place whose loudness counts. A word may hold a single quiet window. */
const QUIET_REACH = 2;

const windowsIn = (ms: number): number => Math.max(1, Math.round(ms / WINDOW_MS));

/** Cuts sound into segments of speech, by the answers of a detector. Holds the sound of one segment at most. */
export class SpeechCutter {
	readonly #minSpeech: number;
	readonly #silence: number;
	readonly #prefix: number;
	readonly #max: number;
	readonly #windows: Float32Array[] = [];
	/** Number of the first held window. */
	#first = 0;
	/** Number of the next window. */
	#next = 0;
	/** Number of the first window of the current sound of speech. `undefined` in silence. */
	#speechFrom: number | undefined;
	/** Number of the window after the latest one with speech. */
	#speechEnd = 0;
	/** True between the start and the stop of speech. */
	#isSpeaking = false;

	constructor({ minSpeechMs, silenceMs, prefixMs, maxSegmentMs }: CuttingRules) {
		this.#minSpeech = windowsIn(minSpeechMs);
		this.#silence = windowsIn(silenceMs);
		this.#prefix = Math.round(prefixMs / WINDOW_MS);
		this.#max = Math.max(windowsIn(maxSegmentMs), 4 * QUIET_REACH);
	}

	/** Adds the next window, which the cutter keeps. */
	add(window: Float32Array, isSpeech: boolean): SpeechEvent[] {
		this.#windows.push(window);
		this.#next++;
		return this.#isSpeaking ? this.#goOn(isSpeech) : this.#await(isSpeech);
	}

	/** Ends the sound. */
	end(): SpeechEvent[] {
		if (!this.#isSpeaking) return [];
		return this.#stop();
	}

	#await(isSpeech: boolean): SpeechEvent[] {
		if (!isSpeech) this.#speechFrom = undefined;
		else this.#speechFrom ??= this.#next - 1;
		const from = this.#speechFrom ?? this.#next;
		this.#release(from - this.#prefix);
		if (this.#next - from < this.#minSpeech) return [];
		this.#isSpeaking = true;
		this.#speechEnd = this.#next;
		return [{ type: "speech-started", atMs: this.#first * WINDOW_MS }];
	}

	#goOn(isSpeech: boolean): SpeechEvent[] {
		if (isSpeech) this.#speechEnd = this.#next;
		if (this.#next - this.#speechEnd >= this.#silence) return this.#stop();
		return this.#next - this.#first >= this.#max ? this.#cut(this.#quietest()) : [];
	}

	#stop(): SpeechEvent[] {
		const end = Math.min(this.#next, this.#speechEnd + windowsIn(TAIL_MS));
		const atMs = this.#speechEnd * WINDOW_MS;
		this.#isSpeaking = false;
		this.#speechFrom = undefined;
		// A cut within the pause leaves no speech behind it.
		const segments = this.#speechEnd > this.#first ? this.#cut(end) : [];
		this.#release(this.#next - this.#prefix);
		return [{ type: "speech-stopped", atMs }, ...segments];
	}

	/** Returns the segment up to a window, and releases it. */
	#cut(end: number): SpeechEvent[] {
		const windows = this.#windows.slice(0, end - this.#first);
		const samples = new Float32Array(WINDOW_SAMPLES * windows.length);
		for (const [index, window] of windows.entries()) samples.set(window, WINDOW_SAMPLES * index);
		const startMs = this.#first * WINDOW_MS;
		this.#release(end);
		return [{ type: "segment", startMs, endMs: end * WINDOW_MS, samples }];
	}

	/** Returns the number of the quietest window in the last third. */
	#quietest(): number {
		const loudness = this.#windows.map((window) => window.reduce((sum, sample) => sum + sample * sample, 0));
		const around = (index: number): number =>
			loudness.slice(index - QUIET_REACH, index + QUIET_REACH + 1).reduce((sum, each) => sum + each, 0);
		let quietest = Math.ceil((2 * loudness.length) / 3);
		for (let index = quietest + 1; index < loudness.length - QUIET_REACH; index++) if (around(index) <= around(quietest)) quietest = index;
		return this.#first + quietest;
	}

	/** Releases the windows before one. */
	#release(end: number): void {
		const count = Math.max(0, end - this.#first);
		this.#windows.splice(0, count);
		this.#first += count;
	}
}
