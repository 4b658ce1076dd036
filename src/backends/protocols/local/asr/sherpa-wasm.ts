import { isObject } from "../../../kit/json/guards.ts";
import { detectorBy, type LibraryDetector } from "./library-detector.ts";
import { detectorConfig, MODEL_RATE, recognizerConfig, type SpeechLibrary } from "./sherpa.ts";
import { textOf } from "./sherpa-native.ts";

/** Sound of one recognition, in the memory of the WebAssembly module until it is freed. */
interface Stream {
	acceptWaveform(sampleRate: number, samples: Float32Array): void;
	free(): void;
}

/** Exports of the package `sherpa-onnx` that the adapter uses. */
interface WasmPackage {
	createOfflineRecognizer(config: unknown): {
		createStream(): Stream;
		decode(stream: Stream): void;
		getResult(stream: Stream): unknown;
	};
	createVad(config: unknown): LibraryDetector;
}

/** Returns the library of a loaded package, or `undefined` for a package without its exports. */
export function wasmLibrary(exports: unknown): SpeechLibrary | undefined {
	if (!isWasmPackage(exports)) return undefined;
	return {
		createRecognizer(files, _threads) {
			const recognizer = exports.createOfflineRecognizer(recognizerConfig(files, 1));
			return {
				textOf(samples) {
					const stream = recognizer.createStream();
					try {
						stream.acceptWaveform(MODEL_RATE, samples);
						recognizer.decode(stream);
						return textOf(recognizer.getResult(stream));
					} finally {
						stream.free();
					}
				},
			};
		},
		createDetector: (model, threshold) => detectorBy(exports.createVad(detectorConfig(model, threshold))),
	};
}

function isWasmPackage(exports: unknown): exports is WasmPackage {
	return isObject(exports) && typeof exports.createOfflineRecognizer === "function" && typeof exports.createVad === "function";
}
