/** The engines of the kind `local` without a host, a thread or a queue: the measure of what the host adds. Each runs in the calling thread. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { loadLibrary as loadSpeech } from "../../src/backends/protocols/local/asr/load-library.ts";
import { speechPackages } from "../../src/backends/protocols/local/asr/packages.ts";
import { libraryPath, loadLibrary as loadEncoder } from "../../src/backends/protocols/local/emb/load-library.ts";
import { Tokenizer } from "../../src/backends/protocols/local/emb/tokenizer.ts";
import { INSTALLED_PACKAGES } from "../../src/backends/protocols/local/package-paths.ts";
import { runProgram } from "../../src/backends/protocols/local/tts/memory-system.ts";
import { webAssembly } from "../../src/backends/protocols/local/tts/web-assembly.ts";
import type { ModelStore } from "../../src/model-store/model-store.ts";

/** Largest sound of the synthesizer, in bytes. */
const MAX_SOUND = 1 << 26;

/** Returns a function that speaks a text as one piece, and returns a WAV file. */
export async function synthesizerAlone(store: ModelStore): Promise<(text: string, voice: string) => Promise<Uint8Array>> {
	const module = await webAssembly.compile(await readFile(await fileOf(store, "flite", "flite.wasm")));
	return (text, voice) => {
		const files = new Map([["text", Buffer.from(text)]]);
		return runProgram(module, {
			args: ["flite", "-voice", voice, "-f", "/text", "-o", "/sound"],
			files,
			output: "sound",
			maxOutput: MAX_SOUND,
		});
	};
}

/** Returns a function that recognizes samples of 16,000 Hz as one segment, and returns the text. */
export async function recognizerAlone(store: ModelStore, threads: number): Promise<(samples: Float32Array) => string> {
	const [encoder, decoder, tokens] = await Promise.all(
		["encoder_model.onnx", "decoder_model_merged.onnx", "tokens.txt"].map((name) => fileOf(store, "moonshine-tiny", name)),
	);
	if (encoder === undefined || decoder === undefined || tokens === undefined) throw new Error("the recognizer lacks a file");
	const recognizer = loadSpeech(speechPackages("auto", INSTALLED_PACKAGES)).createRecognizer({ encoder, decoder, tokens }, threads);
	return (samples) => recognizer.textOf(samples);
}

/** Returns a function that evaluates one text. */
export async function encoderAlone(store: ModelStore): Promise<(text: string) => Promise<void>> {
	const library = await loadEncoder(libraryPath(INSTALLED_PACKAGES));
	const vocabulary: unknown = JSON.parse(await readFile(await fileOf(store, "sentence-encoder-en", "vocab.json"), "utf8"));
	const tokenizer = new Tokenizer(vocabulary);
	const model = await library.loadGraphModel(pathToFileURL(await fileOf(store, "sentence-encoder-en", "model.json")).href);
	await library.ready();
	return async (text) => {
		const ids = tokenizer.encode(text);
		const indices = library.tensor2d(Int32Array.from(ids.flatMap((_, column) => [0, column])), [ids.length, 2], "int32");
		const values = library.tensor1d(Int32Array.from(ids), "int32");
		const [output] = [await model.executeAsync({ indices, values })].flat();
		await output?.data();
		for (const tensor of [output, indices, values]) tensor?.dispose();
	};
}

async function fileOf(store: ModelStore, model: string, name: string): Promise<string> {
	const path = (await store.filesOf(model)).get(name);
	if (path === undefined) throw new Error(`the model ${model} has no file ${name}`);
	return path;
}
