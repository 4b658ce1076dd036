import { MODEL_RATE, WINDOW_SAMPLES } from "./sherpa.ts";
import { joined } from "./short-sound.ts";
import type { SpeechEvent } from "./speech-cutter.ts";

/** Rules for the beginning and the end of live speech. Durations are in milliseconds. */
export interface TrackingRules {
	/** Shortest speech. Shorter sounds, such as clicks, are no speech. */
	readonly minSpeechMs: number;
	/** Pause that ends speech. */
	readonly silenceMs: number;
	/** Sound before the speech that belongs to it. */
	readonly prefixMs: number;
}

/** Duration of one window, in milliseconds. */
const WINDOW_MS = (1000 * WINDOW_SAMPLES) / MODEL_RATE;

/** Longest sound after speech that belongs to it, in milliseconds. */
const TAIL_MS = 200;

const windowsIn = (ms: number): number => Math.max(1, Math.round(ms / WINDOW_MS));

/** Follows live speech, by the answers of a detector. Passes its sound on as it comes. */
export class SpeechTracker {
	readonly #rules: TrackingRules;
	/** Time of the first window, in milliseconds. */
	readonly #startMs: number;
	/** Latest windows that were not passed on: silence, and the beginning of speech. */
	#held: Float32Array[] = [];
	/** Number of windows. */
	#count = 0;
	/** Latest windows that are all speech, or all silence within speech. */
	#run = 0;
	#isSpeaking = false;

	/** @param startMs Time of the first window, in milliseconds. */
	constructor(rules: TrackingRules, startMs: number) {
		this.#rules = rules;
		this.#startMs = startMs;
	}

	/** Adds the next window, which the tracker keeps. */
	add(window: Float32Array, isSpeech: boolean): SpeechEvent[] {
		this.#held.push(window);
		this.#count++;
		return this.#isSpeaking ? this.#goOn(isSpeech) : this.#await(isSpeech);
	}

	/** Ends the sound. */
	end(): SpeechEvent[] {
		return this.#isSpeaking ? [this.#stop()] : [];
	}

	#await(isSpeech: boolean): SpeechEvent[] {
		const { minSpeechMs, prefixMs } = this.#rules;
		this.#run = isSpeech ? this.#run + 1 : 0;
		const kept = Math.round(prefixMs / WINDOW_MS) + this.#run;
		this.#held.splice(0, Math.max(0, this.#held.length - kept));
		if (this.#run < windowsIn(minSpeechMs)) return [];
		this.#isSpeaking = true;
		this.#run = 0;
		return [{ type: "speech-started", atMs: this.#msAt(this.#count - this.#held.length) }, this.#passOn()];
	}

	#goOn(isSpeech: boolean): SpeechEvent[] {
		this.#run = isSpeech ? 0 : this.#run + 1;
		if (this.#run >= windowsIn(this.#rules.silenceMs)) return [this.#stop()];
		return this.#run <= windowsIn(TAIL_MS) ? [this.#passOn()] : [];
	}

	#stop(): SpeechEvent {
		const atMs = this.#msAt(this.#count - this.#run);
		this.#isSpeaking = false;
		this.#run = 0;
		return { type: "speech-stopped", atMs };
	}

	#passOn(): SpeechEvent {
		const samples = joined(this.#held);
		this.#held = [];
		return { type: "speech", samples };
	}

	#msAt(windows: number): number {
		return this.#startMs + windows * WINDOW_MS;
	}
}
