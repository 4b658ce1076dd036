import type { SpeechDetector } from "./sherpa.ts";
import { MODEL_RATE, WINDOW_SAMPLES } from "./sherpa.ts";
import { type SoundForm, SoundSource } from "./sound-source.ts";
import { type CuttingRules, SpeechCutter, type SpeechEvent } from "./speech-cutter.ts";

/** Longest recording that is one segment if the detector finds no speech in it, in samples: three seconds. */
const SHORT_SAMPLES = 3 * MODEL_RATE;

/** Mean power of a window that is no silence: 46 dB below full scale. */
const SOUND_POWER = 0.005 ** 2;

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
	/** Windows of a recording that may be one segment. Absent once it is too long, or has speech. */
	#short: Float32Array[] | undefined;

	constructor({ form, rules, isRecording }: SessionSettings, detector: SpeechDetector) {
		this.#detector = detector;
		this.#source = new SoundSource(form);
		this.#cutter = new SpeechCutter(rules);
		this.#short = isRecording ? [] : undefined;
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
		if (events.length > 0 || (this.#short?.length ?? 0) * WINDOW_SAMPLES > SHORT_SAMPLES) this.#short = undefined;
		this.#short?.push(window);
		yield* events;
	}

	/** Yields a short recording with sound but without speech. */
	*#whole(): Generator<SpeechEvent, void, void> {
		const windows = this.#short ?? [];
		this.#short = undefined;
		if (!windows.some(hasSound)) return;
		const samples = new Float32Array(WINDOW_SAMPLES * windows.length);
		for (const [index, window] of windows.entries()) samples.set(window, WINDOW_SAMPLES * index);
		yield { type: "segment", startMs: 0, endMs: 1000 * this.seconds, samples };
	}
}

function hasSound(window: Float32Array): boolean {
	return window.reduce((sum, sample) => sum + sample * sample, 0) / window.length > SOUND_POWER;
}
