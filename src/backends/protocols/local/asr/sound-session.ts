import type { SpeechDetector } from "./sherpa.ts";
import { WINDOW_SAMPLES } from "./sherpa.ts";
import { ShortSound } from "./short-sound.ts";
import { type SoundForm, SoundSource } from "./sound-source.ts";
import { type CuttingRules, SpeechCutter, type SpeechEvent } from "./speech-cutter.ts";

/** Settings of a session. */
export interface SessionSettings {
	readonly form: SoundForm;
	readonly rules: CuttingRules;
	/** True for a whole recording: a short one with sound is a segment, although the detector finds no speech, such as in a single short word. */
	readonly isRecording: boolean;
}

/** Sound of one request or conversation, on its way from bytes to segments of speech. */
export class SoundSession {
	readonly #detector: SpeechDetector;
	readonly #source: SoundSource;
	readonly #cutter: SpeechCutter;
	/** Samples of a window that is not complete. */
	#window = new Float32Array(WINDOW_SAMPLES);
	#filled = 0;
	/** A recording that may be one segment. Absent for other sound. */
	readonly #short: ShortSound | undefined;

	constructor({ form, rules, isRecording }: SessionSettings, detector: SpeechDetector) {
		this.#detector = detector;
		this.#source = new SoundSource(form);
		this.#cutter = new SpeechCutter(rules);
		this.#short = isRecording ? new ShortSound() : undefined;
	}

	/** Duration of the sound so far, in seconds. */
	get seconds(): number {
		return this.#source.seconds;
	}

	/** Adds bytes, and yields events as they are found. @throws AudioFormatError for a file that cannot be read. */
	*add(bytes: Uint8Array): Generator<SpeechEvent, void, void> {
		yield* this.#hear(this.#source.add(bytes));
	}

	/** Ends the sound. @throws AudioFormatError for a file without samples. */
	*end(): Generator<SpeechEvent, void, void> {
		yield* this.#hear(this.#source.end());
		// The detector answers one window late, so a whole one of silence follows.
		yield* this.#hear(new Float32Array(2 * WINDOW_SAMPLES - this.#filled));
		yield* this.#cutter.end();
		yield* this.#whole();
	}

	*#hear(samples: Float32Array): Generator<SpeechEvent, void, void> {
		for (let at = 0; at < samples.length; ) {
			const taken = samples.subarray(at, at + WINDOW_SAMPLES - this.#filled);
			this.#window.set(taken, this.#filled);
			this.#filled += taken.length;
			at += taken.length;
			if (this.#filled === WINDOW_SAMPLES) yield* this.#hearWindow();
		}
	}

	*#hearWindow(): Generator<SpeechEvent, void, void> {
		const window = this.#window;
		this.#window = new Float32Array(WINDOW_SAMPLES);
		this.#filled = 0;
		const events = this.#cutter.add(window, this.#detector.isSpeech(window));
		if (events.length > 0) this.#short?.drop();
		this.#short?.add(window);
		yield* events;
	}

	/** Yields a short recording with sound but without speech. */
	*#whole(): Generator<SpeechEvent, void, void> {
		const samples = this.#short?.end();
		if (samples !== undefined) yield { type: "segment", startMs: 0, endMs: 1000 * this.seconds, samples };
	}
}
