/**
 * Engines of the tests, in the test's own thread. A sample of the input is silence if it is 0, else a part of the word with its number. The
 * recognizer writes each word as its number, such as `w3`, and a word that is shorter than its full length as `w3~`.
 */
import { setImmediate as turn } from "node:timers/promises";
import {
	type DetectionSettings,
	ENGINE_RATE,
	type RealtimeEngines,
	type SpeechDetector,
	type SpeechEvent,
} from "../../../../../src/backends/protocols/local/rt/engines.ts";

/** Rate of `pcm16`, in Hz. */
const INPUT_RATE = 24_000;

/** Duration of a word, in milliseconds. */
export const WORD_MS = 400;

/** Returns audio as `pcm16`: a word for each number above 0, and silence of as many milliseconds for each below. */
export function audioOf(...parts: readonly number[]): Uint8Array {
	const samples = parts.flatMap((part) => {
		const ms = part > 0 ? WORD_MS : -part;
		return Array.from({ length: (ms * INPUT_RATE) / 1000 }, () => Math.max(0, part));
	});
	return new Uint8Array(Int16Array.from(samples).buffer);
}

export interface StandInEngines extends RealtimeEngines {
	/** Settings of each detector that was opened. */
	readonly opened: DetectionSettings[];
	/** Calls of the detector, such as `add 1536`. */
	readonly calls: string[];
	/** Samples of each recognition. */
	readonly recognitions: number[];
	/** Texts that were spoken, with their voice. */
	readonly spoken: string[];
	/** Holds and detectors that are not released. */
	held: number;
	/** Called before each recognition. */
	onRecognize: (samples: Float32Array) => Promise<void> | void;
	/** Called before each detection. */
	onAdd: () => Promise<void> | void;
	/** Called before each sentence is spoken. */
	onSpeak: (text: string) => Promise<void> | void;
}

/** Returns engines that answer at once. */
export function standInEngines(): StandInEngines {
	const hold = async (): Promise<() => void> => {
		engines.held++;
		return () => {
			engines.held--;
		};
	};
	const engines: StandInEngines = {
		opened: [],
		calls: [],
		recognitions: [],
		spoken: [],
		held: 0,
		onRecognize: () => {},
		onAdd: () => {},
		onSpeak: () => {},
		detection: {
			async open(settings) {
				engines.opened.push(settings);
				engines.held++;
				return new StandInDetector(settings, engines);
			},
		},
		recognition: {
			model: "toy-ears",
			hold,
			async recognize(samples, signal) {
				engines.recognitions.push(samples.length);
				await engines.onRecognize(samples);
				await turn();
				signal.throwIfAborted();
				return written(samples);
			},
		},
		speaking: {
			voices: ["anna", "ben"],
			hold,
			async *speak(text, voice, signal) {
				engines.spoken.push(`${voice}: ${text}`);
				await engines.onSpeak(text);
				await turn();
				signal.throwIfAborted();
				// Ten milliseconds a character.
				yield new Float32Array((text.length * ENGINE_RATE) / 100).fill(0.25);
			},
		},
	};
	return engines;
}

/** Returns the words of speech. */
function written(samples: Float32Array): string {
	const words: string[] = [];
	for (let from = 0; from < samples.length; ) {
		let to = from;
		while (to < samples.length && samples[to] === samples[from] && to - from < (WORD_MS * ENGINE_RATE) / 1000) to++;
		const word = Math.round((samples[from] ?? 0) * 0x8000);
		if (word > 0) words.push(to - from < (WORD_MS * ENGINE_RATE) / 1000 ? `w${word}~` : `w${word}`);
		from = to;
	}
	return words.join(" ");
}

/** Finds speech in samples that are not 0. Passes two of three samples on, which is the rate of the engines. */
class StandInDetector implements SpeechDetector {
	readonly #settings: DetectionSettings;
	readonly #engines: StandInEngines;
	#held = Buffer.alloc(0);
	#samples = 0;
	#isSpeaking = false;
	#silentFrom = 0;

	constructor(settings: DetectionSettings, engines: StandInEngines) {
		this.#settings = settings;
		this.#engines = engines;
	}

	async add(audio: Uint8Array): Promise<SpeechEvent[]> {
		this.#engines.calls.push(`add ${audio.length}`);
		await this.#engines.onAdd();
		await turn();
		const bytes = Buffer.concat([this.#held, audio]);
		const whole = bytes.length - (bytes.length % 2);
		this.#held = bytes.subarray(whole);
		const events: SpeechEvent[] = [];
		let speech: number[] = [];
		const passOn = (): void => {
			if (speech.length > 0) events.push({ type: "speech", samples: Float32Array.from(speech) });
			speech = [];
		};
		for (let at = 0; at < whole; at += 2, this.#samples++) {
			const sample = bytes.readInt16LE(at);
			if (sample !== 0) {
				this.#silentFrom = this.#samples + 1;
				if (!this.#isSpeaking) events.push({ type: "speech-started", atMs: this.#ms(this.#samples) });
				this.#isSpeaking = true;
				if (this.#samples % 3 !== 2) speech.push(sample / 0x8000);
			} else if (this.#isSpeaking && this.#samples + 1 - this.#silentFrom >= (this.#settings.silenceMs * INPUT_RATE) / 1000) {
				passOn();
				events.push(...this.#stop());
			}
		}
		passOn();
		return events;
	}

	async flush(): Promise<SpeechEvent[]> {
		this.#engines.calls.push("flush");
		await turn();
		this.#held = Buffer.alloc(0);
		return this.#isSpeaking ? this.#stop() : [];
	}

	async reset(): Promise<void> {
		this.#engines.calls.push("reset");
		this.#held = Buffer.alloc(0);
		this.#isSpeaking = false;
	}

	close(): void {
		this.#engines.held--;
	}

	#stop(): SpeechEvent[] {
		this.#isSpeaking = false;
		return [{ type: "speech-stopped", atMs: this.#ms(this.#silentFrom) }];
	}

	#ms(samples: number): number {
		return Math.round((samples * 1000) / INPUT_RATE);
	}
}
