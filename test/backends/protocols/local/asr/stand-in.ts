/** An instance of speech recognition over a stand-in for the library, and recordings for it. */
import { fileURLToPath } from "node:url";
import type { SpeechToTextBackend } from "../../../../../generated/backends/speech-to-text.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import { localTranscripts } from "../../../../../src/backends/protocols/local/asr/backend.ts";
import { type SpeechEngines, speechEngines } from "../../../../../src/backends/protocols/local/asr/engines.ts";
import type { ModelFiles } from "../../../../../src/backends/protocols/local/model-files.ts";
import type { LocalContext } from "../../../../../src/backends/protocols/local/operation.ts";
import type { LocalOptions } from "../../../../../src/backends/protocols/local/options.ts";
import type { PackagePaths } from "../../../../../src/backends/protocols/local/package-paths.ts";
import { SpearError } from "../../../../../src/errors/spear-error.ts";
import { wavFile } from "../../../../helpers/wav-file.ts";

/** Module in place of both packages. */
export const LIBRARY = fileURLToPath(new URL("./fake-sherpa.cjs", import.meta.url));

const FILES: ModelFiles = {
	filesOf: async () =>
		new Map(["silero_vad.onnx", "encoder_model.onnx", "decoder_model_merged.onnx", "tokens.txt"].map((name) => [name, `/models/${name}`])),
};

export interface Instance {
	readonly backend: SpeechToTextBackend;
	readonly engines: SpeechEngines;
	/** Resolves once a segment is recognized. */
	recognizing(): Promise<void>;
	check(): Promise<void>;
	close(): Promise<void>;
}

/** Parts of an instance in place of the defaults. */
export interface StandIns extends Partial<Pick<LocalOptions, "engine" | "maxPending">>, Partial<PackagePaths> {
	readonly files?: ModelFiles;
}

export function standInInstance({ engine = "auto", maxPending = 64, pathOf = () => LIBRARY, files = FILES }: StandIns): Instance {
	const config = { name: "here", kind: "local", models: [], options: {} };
	const options = { modelsDir: undefined, engine, threads: 1, idleMs: 0, maxPending };
	const context: LocalContext = { config, options, files, register: () => {} };
	const engines = speechEngines(context, { pathOf });
	const { backend, check, close } = localTranscripts(context, engines);
	const run = engines.recognizer.run.bind(engines.recognizer);
	let started = Promise.withResolvers<void>();
	engines.recognizer.run = (...given) => {
		started.resolve();
		started = Promise.withResolvers();
		return run(...given);
	};
	return {
		backend,
		engines,
		recognizing: () => started.promise,
		check,
		close: () => close(new SpearError("cancelled", "the backend was shut down")),
	};
}

/** Loudness by letter: silence, speech, speech whose recognition takes 200 ms, and speech that ends the thread. */
const LOUDNESS: Readonly<Record<string, number>> = { ".": 0, s: 0.5, L: 0.8, C: 0.95 };

/** Returns sound in which each letter is a second. */
export function sound(seconds: string, rate = 16_000): Float32Array {
	return Float32Array.from({ length: seconds.length * rate }, (_, index) => {
		const loudness = LOUDNESS[seconds[Math.floor(index / rate)] ?? "."] ?? 0;
		return loudness * Math.sin((2 * Math.PI * 440 * index) / rate);
	});
}

export const wav = (samples: Float32Array, rate = 16_000): Uint8Array => wavFile(samples, rate);

export function recordingOf(bytes: Uint8Array): types.MediaRef {
	return { type: "inline", inline: { data: new Uint8Array(bytes), mime_type: "audio/wav" } };
}
