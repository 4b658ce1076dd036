import { isObject } from "../../../kit/json/guards.ts";
import { detectorBy, type LibraryDetector } from "./library-detector.ts";
import { detectorConfig, LIBRARY_BUFFER_SECONDS, MODEL_RATE, recognizerConfig, type SpeechLibrary } from "./sherpa.ts";

/** Sound of one recognition. */
interface Stream {
	acceptWaveform(sound: { readonly sampleRate: number; readonly samples: Float32Array }): void;
}

/** Exports of the package `sherpa-onnx-node` that the adapter uses. */
interface NativePackage {
	readonly OfflineRecognizer: new (
		config: unknown,
	) => {
		createStream(): Stream;
		decode(stream: Stream): void;
		getResult(stream: Stream): unknown;
	};
	readonly Vad: new (config: unknown, bufferSeconds: number) => LibraryDetector;
}

/**
 * Memory of a detector, in bytes. The package frees a detector once the collector of garbage finds that nothing refers to it, and the collector
 * does not know of this memory. Therefore a buffer of the same size, whose pages are never written and take no memory, lives as long as the
 * detector. Without the buffer, sessions that come and go would take gigabytes.
 */
const DETECTOR_BYTES = 10 * 1024 * 1024;

/** Returns the library of a loaded package, or `undefined` for a package without its exports. */
export function nativeLibrary(exports: unknown): SpeechLibrary | undefined {
	if (!isNativePackage(exports)) return undefined;
	const { OfflineRecognizer, Vad } = exports;
	return {
		createRecognizer(files, threads) {
			const recognizer = new OfflineRecognizer(recognizerConfig(files, threads));
			return {
				textOf(samples) {
					const stream = recognizer.createStream();
					stream.acceptWaveform({ sampleRate: MODEL_RATE, samples });
					recognizer.decode(stream);
					return textOf(recognizer.getResult(stream));
				},
			};
		},
		createDetector(model, threshold) {
			const detector = new Vad(detectorConfig(model, threshold), LIBRARY_BUFFER_SECONDS);
			return detectorBy(Object.assign(detector, { memory: new ArrayBuffer(DETECTOR_BYTES) }));
		},
	};
}

function isNativePackage(exports: unknown): exports is NativePackage {
	return isObject(exports) && typeof exports.OfflineRecognizer === "function" && typeof exports.Vad === "function";
}

/** Returns the text of a result. */
export function textOf(result: unknown): string {
	if (isObject(result) && typeof result.text === "string") return result.text.trim();
	throw new Error("the result of the recognizer has no text");
}
