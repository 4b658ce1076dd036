import type * as rt from "../../../../../generated/ir/rt.ts";
import type { SpeechEvent as Finding } from "../asr/speech-cutter.ts";

/** Sample rate of the sound that passes between the engines, in Hz. Samples are mono; full scale is -1 to 1. */
export const ENGINE_RATE = 16_000;

/** Settings of the detection of speech. */
export interface DetectionSettings {
	/** Encoding of the input audio. */
	readonly format: rt.AudioFormat;
	/** Probability from which a frame counts as speech, 0 to 1. */
	readonly threshold: number;
	/** Sound kept from before the detected speech, in milliseconds. */
	readonly prefixPaddingMs: number;
	/** Silence that ends speech, in milliseconds. */
	readonly silenceMs: number;
	/** True if calls of `flush` end the turns. The audio of a short turn is speech then, although the detector finds none. */
	readonly isManual: boolean;
}

/** Finding in the input audio. Times are milliseconds of input audio since the start of the session. */
export type SpeechEvent = Exclude<Finding, { type: "segment" }>;

/** Detection of speech in the input of one session. Calls run one after another. Each is short. */
export interface SpeechDetector {
	/** Adds audio, and returns the findings that follow from all audio so far. The audio may split a sample. */
	add(audio: Uint8Array): Promise<readonly SpeechEvent[]>;
	/** Ends the speech in progress, as silence would. The audio after it begins with a whole sample. */
	flush(): Promise<readonly SpeechEvent[]>;
	/** Discards the speech in progress without a finding. The audio after it begins with a whole sample. */
	reset(): Promise<void>;
	/** Releases the state of the session. Does not wait. */
	close(): void;
}

/** Engine that finds speech. */
export interface Detection {
	/**
	 * Starts the detection for one session. Loads the engine.
	 *
	 * @throws SpearError with the remedy if the engine or its model is missing.
	 */
	open(settings: DetectionSettings, signal: AbortSignal): Promise<SpeechDetector>;
}

/** Engine that writes down speech. */
export interface Recognition {
	/** Name of the model. */
	readonly model: string;
	/**
	 * Loads the engine, and keeps it loaded until the returned function is called.
	 *
	 * @throws SpearError with the remedy if the engine or its model is missing.
	 */
	hold(signal: AbortSignal): Promise<() => void>;
	/** Returns the text of speech at {@link ENGINE_RATE}. */
	recognize(samples: Float32Array, signal: AbortSignal): Promise<string>;
}

/** Engine that speaks. */
export interface Speaking {
	/** Ids of the voices, the default first. */
	readonly voices: readonly string[];
	/**
	 * Loads the engine, and keeps it loaded until the returned function is called.
	 *
	 * @throws SpearError with the remedy if the engine or its model is missing.
	 */
	hold(signal: AbortSignal): Promise<() => void>;
	/** Yields the samples of a text at {@link ENGINE_RATE}, sentence by sentence. */
	speak(text: string, voice: string, signal: AbortSignal): AsyncIterable<Float32Array>;
}

/** The engines of realtime sessions. */
export interface RealtimeEngines {
	readonly detection: Detection;
	readonly recognition: Recognition;
	readonly speaking: Speaking;
}
