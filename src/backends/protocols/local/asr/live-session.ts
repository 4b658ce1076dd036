import type { WavFormat } from "../../../../formats/wav-format.ts";
import { type SpeechDetector, WINDOW_SAMPLES } from "./sherpa.ts";
import { joined, ShortSound } from "./short-sound.ts";
import { SoundSource } from "./sound-source.ts";
import type { SpeechEvent } from "./speech-cutter.ts";
import { SpeechTracker, type TrackingRules } from "./speech-tracker.ts";

/** Settings of a live session. */
export interface LiveSettings {
	readonly form: WavFormat;
	/** Probability from which a window is speech, 0 to 1. */
	readonly threshold: number;
	readonly rules: TrackingRules;
	/** True if the speaker tells when a turn ends. A short turn with sound is speech, although the detector finds none, such as a single short word. */
	readonly hasTurns: boolean;
}

/** Live sound, on its way from bytes to speech. */
export class LiveSession {
	readonly #detector: SpeechDetector;
	readonly #settings: LiveSettings;
	#source: SoundSource;
	#tracker: SpeechTracker;
	#short: ShortSound | undefined;
	/** Samples that fill no window. */
	#rest = new Float32Array(0);
	/** Duration of the sound before the latest {@link flush} or {@link reset}, in seconds. */
	#before = 0;

	constructor(settings: LiveSettings, detector: SpeechDetector) {
		this.#settings = settings;
		this.#detector = detector;
		this.#source = new SoundSource(settings.form);
		this.#tracker = new SpeechTracker(settings.rules, 0);
		this.#short = settings.hasTurns ? new ShortSound() : undefined;
	}

	/** Duration of the sound so far, in seconds. */
	get seconds(): number {
		return this.#before + this.#source.seconds;
	}

	/** Adds bytes, and returns the events that follow from all sound so far. */
	add(bytes: Uint8Array): SpeechEvent[] {
		return inOrder(this.#hear(this.#source.add(bytes)));
	}

	/** Ends the speech in progress. The sound goes on. */
	flush(): SpeechEvent[] {
		const events = this.#hear(this.#source.end());
		// The detector answers one window late, so a whole one of silence follows.
		events.push(...this.#hear(new Float32Array(2 * WINDOW_SAMPLES - this.#rest.length)), ...this.#tracker.end());
		const samples = this.#short?.end();
		const endMs = 1000 * this.seconds;
		if (samples !== undefined)
			events.push(
				{ type: "speech-started", atMs: 1000 * this.#before },
				{ type: "speech", samples },
				{ type: "speech-stopped", atMs: endMs },
			);
		this.reset();
		// The silence above is no sound of the session.
		return inOrder(events).map((event) => (event.type === "speech-stopped" ? { ...event, atMs: Math.min(event.atMs, endMs) } : event));
	}

	/** Discards the speech in progress. The sound goes on. */
	reset(): void {
		this.#before = this.seconds;
		this.#detector.reset();
		this.#source = new SoundSource(this.#settings.form);
		this.#tracker = new SpeechTracker(this.#settings.rules, 1000 * this.#before);
		this.#short = this.#settings.hasTurns ? new ShortSound() : undefined;
		this.#rest = new Float32Array(0);
	}

	#hear(samples: Float32Array): SpeechEvent[] {
		const sound = new Float32Array(this.#rest.length + samples.length);
		sound.set(this.#rest);
		sound.set(samples, this.#rest.length);
		const events: SpeechEvent[] = [];
		let at = 0;
		for (; at + WINDOW_SAMPLES <= sound.length; at += WINDOW_SAMPLES) {
			const window = sound.slice(at, at + WINDOW_SAMPLES);
			const found = this.#tracker.add(window, this.#detector.isSpeech(window));
			if (found.length > 0) this.#short?.drop();
			this.#short?.add(window);
			events.push(...found);
		}
		this.#rest = sound.slice(at);
		return events;
	}
}

/** Returns the events, with successive samples as one event. */
function inOrder(events: readonly SpeechEvent[]): SpeechEvent[] {
	const merged: SpeechEvent[] = [];
	let samples: Float32Array[] = [];
	const passOn = (): void => {
		if (samples.length > 0) merged.push({ type: "speech", samples: joined(samples) });
		samples = [];
	};
	for (const event of events) {
		if (event.type === "speech") samples.push(event.samples);
		else {
			passOn();
			merged.push(event);
		}
	}
	passOn();
	return merged;
}
