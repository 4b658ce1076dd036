import type { SpearError } from "../../../../errors/spear-error.ts";
import { EngineThread, threadModule } from "../../../kit/engine/engine-thread.ts";
import { fileOf } from "../file-of.ts";
import type { LocalContext } from "../operation.ts";
import { INSTALLED_PACKAGES, type PackagePaths } from "../package-paths.ts";
import { speechPackages } from "./packages.ts";
import type { RecognizerSettings, RecognizerTask } from "./recognizer-thread.ts";
import type { SegmenterEngine } from "./segmenter.ts";
import type { SegmenterSettings } from "./segmenter-thread.ts";

/** Name of the recognizer's model, for guests and in the store. */
export const RECOGNIZER_MODEL = "moonshine-tiny";

/** Name of the voice activity detector's model in the store. */
const DETECTOR_MODEL = "silero-vad";

/** The engines of speech recognition. Operations of an instance share them. */
export interface SpeechEngines {
	/** Finds speech in sound. */
	readonly segmenter: SegmenterEngine;
	/** Recognizes segments of speech. */
	readonly recognizer: EngineThread<RecognizerTask, never, string>;
	/** Checks that packages and models are there. @throws SpearError with the remedy. */
	check(): Promise<void>;
	/** Ends the threads. */
	close(reason: SpearError): Promise<void>;
}

/** Modules of the threads. A test replaces them. */
export interface SpeechThreads {
	readonly segmenter: URL;
	readonly recognizer: URL;
}

const THREADS: SpeechThreads = {
	segmenter: threadModule("./segmenter-thread", import.meta.url),
	recognizer: threadModule("./recognizer-thread", import.meta.url),
};

/** Returns the engines of an instance. No thread starts before the first task. */
export function speechEngines(
	{ options, files, register }: LocalContext,
	packages: PackagePaths = INSTALLED_PACKAGES,
	threads: SpeechThreads = THREADS,
): SpeechEngines {
	const segmenterSettings = async (): Promise<SegmenterSettings> => ({
		packages: speechPackages(options.engine, packages),
		detector: await fileOf(files, DETECTOR_MODEL, "silero_vad.onnx"),
	});
	const recognizerSettings = async (): Promise<RecognizerSettings> => ({
		packages: speechPackages(options.engine, packages),
		files: {
			encoder: await fileOf(files, RECOGNIZER_MODEL, "encoder_model.onnx"),
			decoder: await fileOf(files, RECOGNIZER_MODEL, "decoder_model_merged.onnx"),
			tokens: await fileOf(files, RECOGNIZER_MODEL, "tokens.txt"),
		},
		threads: options.threads,
	});
	// The operations bound their requests and sessions. Each has one task at most, and a cleanup.
	const shared = { maxPending: Number.POSITIVE_INFINITY, idleMs: options.idleMs };
	const segmenter: SegmenterEngine = new EngineThread({
		...shared,
		title: "speech detection",
		entry: threads.segmenter,
		settings: segmenterSettings,
		checks: () => files.checksOf?.(DETECTOR_MODEL) ?? [],
	});
	const recognizer: SpeechEngines["recognizer"] = new EngineThread({
		...shared,
		title: "speech recognition",
		entry: threads.recognizer,
		settings: recognizerSettings,
		checks: () => files.checksOf?.(RECOGNIZER_MODEL) ?? [],
	});
	register(DETECTOR_MODEL, segmenter, ["speech_to_text", "realtime_voice"]);
	register(RECOGNIZER_MODEL, recognizer, ["speech_to_text", "realtime_voice"]);
	return {
		segmenter,
		recognizer,
		async check() {
			await segmenterSettings();
			await recognizerSettings();
		},
		async close(reason) {
			await Promise.all([segmenter.close(reason), recognizer.close(reason)]);
		},
	};
}
