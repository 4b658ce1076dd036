/** Thread that recognizes speech, one segment a task. */
import { serveEngine } from "../../../kit/engine/serve-engine.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { loadLibrary } from "./load-library.ts";
import type { SpeechPackages } from "./packages.ts";
import type { RecognizerFiles } from "./sherpa.ts";

/** Settings of the thread. */
export interface RecognizerSettings {
	readonly packages: SpeechPackages;
	readonly files: RecognizerFiles;
	/** Threads of one recognition. The package in WebAssembly has one. */
	readonly threads: number;
}

/** Returns true for settings of this thread. */
function isSettings(value: unknown): value is RecognizerSettings {
	return isObject(value) && isObject(value.packages) && isObject(value.files) && typeof value.threads === "number";
}

/** A segment of speech, as mono samples of the models' rate. */
export interface RecognizerTask {
	readonly samples: Float32Array<ArrayBuffer>;
}

await serveEngine<RecognizerTask, never, string>((settings) => {
	if (!isSettings(settings)) throw new Error("the settings of the recognizer are missing");
	const recognizer = loadLibrary(settings.packages).createRecognizer(settings.files, settings.threads);
	return ({ samples }) => recognizer.textOf(samples);
});
