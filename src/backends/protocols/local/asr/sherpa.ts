/** Sizes of sound that the models take. */

/** Samples per second, in Hz. */
export const MODEL_RATE = 16_000;

/** Samples of one decision about speech: 32 ms. */
export const WINDOW_SAMPLES = 512;

/** Files of the recognizer, as absolute paths. */
export interface RecognizerFiles {
	readonly encoder: string;
	readonly decoder: string;
	readonly tokens: string;
}

/** Recognizer of speech. */
export interface Recognizer {
	/** Returns the text of speech of at most 30 seconds. */
	textOf(samples: Float32Array): string;
}

/** Detector of speech. */
export interface SpeechDetector {
	/** Takes the next {@link WINDOW_SAMPLES} samples. Returns true if they are speech. The answer may be one window late. */
	isSpeech(samples: Float32Array): boolean;
	/** Forgets all sound. */
	reset(): void;
	/** Releases the memory. */
	free(): void;
}

/** The library sherpa-onnx, in one of its packages. */
export interface SpeechLibrary {
	createRecognizer(files: RecognizerFiles, threads: number): Recognizer;
	/** @param model Absolute path of the model. @param threshold Probability from which a window is speech, 0 to 1. */
	createDetector(model: string, threshold: number): SpeechDetector;
}

/** Returns the configuration of a recognizer. */
export function recognizerConfig({ encoder, decoder, tokens }: RecognizerFiles, threads: number) {
	return {
		featConfig: { sampleRate: MODEL_RATE, featureDim: 80 },
		modelConfig: { moonshine: { encoder, mergedDecoder: decoder }, tokens, numThreads: threads, provider: "cpu", debug: 0 },
	};
}

/** Seconds of sound that the library holds for its own segments: more than one has, because the library prints a line when it needs more. */
export const LIBRARY_BUFFER_SECONDS = 35;

/** Bounds of the probability from which a window is speech. The library refuses others: with 0.01, which is less as a 32-bit float, the detector would be missing. */
const MIN_THRESHOLD = 0.02;
const MAX_THRESHOLD = 0.99;

/**
 * Returns the configuration of a detector. The library decides about segments by its shortest durations, so that each window has its own answer.
 * A duration of 0 would be replaced by a default.
 */
export function detectorConfig(model: string, threshold: number) {
	const sileroVad = {
		model,
		threshold: Math.max(MIN_THRESHOLD, Math.min(MAX_THRESHOLD, threshold)),
		minSpeechDuration: 0.001,
		minSilenceDuration: 0.03,
		windowSize: WINDOW_SAMPLES,
		maxSpeechDuration: 1000,
	};
	return {
		sileroVad,
		sampleRate: MODEL_RATE,
		numThreads: 1,
		provider: "cpu",
		debug: 0,
		bufferSizeInSeconds: LIBRARY_BUFFER_SECONDS,
	};
}
