import type * as rt from "../../../../../generated/ir/rt.ts";
import type { WavFormat } from "../../../../formats/wav-format.ts";
import { newSession, type SegmenterCaller, type SegmenterEngine } from "../asr/segmenter.ts";
import type { SegmenterTask } from "../asr/segmenter-thread.ts";
import type { DetectionSettings, SpeechDetector, SpeechEvent } from "./engines.ts";
import { AUDIO_FORMATS } from "./output-encoder.ts";

/** Shortest speech, in milliseconds. A shorter sound, such as a click, does not interrupt an answer. */
const MIN_SPEECH_MS = 96;

const ENCODINGS: { readonly [F in rt.AudioFormat]: WavFormat["encoding"] } = { pcm16: "pcm", g711_ulaw: "mu-law", g711_alaw: "a-law" };

/** Detection of a session in the thread that finds speech. */
export class LiveDetector implements SpeechDetector {
	readonly #engine: SegmenterEngine;
	readonly #session = newSession();
	readonly #guest: string | undefined;
	readonly #release: () => void;
	#isOpen = true;

	private constructor(engine: SegmenterEngine, guest: string | undefined) {
		this.#engine = engine;
		this.#guest = guest;
		this.#release = engine.hold();
	}

	/**
	 * Opens the detection.
	 *
	 * @throws SpearError as `EngineThread.run` does.
	 */
	static async open(engine: SegmenterEngine, settings: DetectionSettings, { signal, guest }: SegmenterCaller): Promise<LiveDetector> {
		const detector = new LiveDetector(engine, guest);
		const { format, threshold, silenceMs, prefixPaddingMs, isManual } = settings;
		const { rate, sampleBytes } = AUDIO_FORMATS[format];
		const form = { encoding: ENCODINGS[format], sampleRate: rate, channels: 1, sampleBytes };
		const rules = { minSpeechMs: MIN_SPEECH_MS, silenceMs, prefixMs: prefixPaddingMs };
		try {
			const task = { type: "listen", session: detector.#session, settings: { form, threshold, rules, hasTurns: isManual } } as const;
			await engine.run(task, { signal, guest });
			return detector;
		} catch (thrown) {
			detector.close();
			throw thrown;
		}
	}

	add(audio: Uint8Array): Promise<SpeechEvent[]> {
		// A copy of its own buffer, which moves to the thread. The audio is a part of a larger buffer.
		const bytes = new Uint8Array(audio);
		return this.#run({ type: "add", session: this.#session, bytes }, [bytes.buffer]);
	}

	flush(): Promise<SpeechEvent[]> {
		return this.#run({ type: "flush", session: this.#session });
	}

	async reset(): Promise<void> {
		await this.#run({ type: "reset", session: this.#session });
	}

	close(): void {
		if (!this.#isOpen) return;
		this.#isOpen = false;
		if (!this.#engine.isLoaded) {
			this.#release();
			return;
		}
		const closed = this.#engine.run(
			{ type: "close", session: this.#session },
			{ signal: new AbortController().signal, guest: this.#guest },
		);
		// A closed engine has no sessions.
		closed.catch(() => {}).finally(this.#release);
	}

	async #run(task: SegmenterTask, transfer: ArrayBuffer[] = []): Promise<SpeechEvent[]> {
		const events: SpeechEvent[] = [];
		await this.#engine.run(task, {
			// The channel ends the session; a step is too short to be aborted.
			signal: new AbortController().signal,
			guest: this.#guest,
			onEvent: (event) => event.type !== "segment" && events.push(event),
			transfer,
		});
		return events;
	}
}
