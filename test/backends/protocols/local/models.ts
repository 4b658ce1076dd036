/** Models of the tests of the kind `local`: stand-ins for all of them, and instances over them. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Backend, BackendKind } from "../../../../src/backends/backend.ts";
import { localKind } from "../../../../src/backends/kinds/local/index.ts";
import type { ModelFiles } from "../../../../src/backends/protocols/local/model-files.ts";
import type { PackagePaths } from "../../../../src/backends/protocols/local/package-paths.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { scratch } from "../../../helpers/guest.ts";
import { standInSynthesizer } from "./tts/stand-in-synthesizer.ts";

/** Files without any model. */
export const NO_FILES: ModelFiles = {
	filesOf: (name) => Promise.reject(new SpearError("backend_error", `the model ${name} is not on this machine; run the command`)),
};

/** Packages in place of the installed ones. */
export const STAND_IN_PACKAGES: PackagePaths = {
	pathOf: (name) => fileURLToPath(new URL(name.startsWith("sherpa") ? "./asr/fake-sherpa.cjs" : "./emb/fake-encoder.cjs", import.meta.url)),
};

/** Pieces of the stand-in for the vocabulary, from the sixth on. The id of a piece is its place. */
const PIECES = ["▁", "a", "b", "▁a", "ab", "▁slow", "▁crash"];

/** Returns files with stand-ins for every model. The stand-ins for the models of hearing exist by name alone. */
export async function standInFiles(): Promise<ModelFiles> {
	const path = (name: string, content: Uint8Array | string): [string, string] => {
		const file = join(scratch(), name);
		writeFileSync(file, content);
		return [name, file];
	};
	const reserved = Array.from({ length: 6 }, (_, index) => `<${index}>`);
	const idOf = (piece: string): number => reserved.length + PIECES.indexOf(piece);
	const vocabulary = [...reserved, ...PIECES].map((piece, index) => [piece, index < 6 ? 0 : piece.length > 2 ? -0.5 : -1]);
	const models = new Map([
		["flite", new Map([path("flite.wasm", await standInSynthesizer())])],
		[
			"sentence-encoder-en",
			new Map([
				path("model.json", JSON.stringify({ slow: idOf("▁slow"), crash: idOf("▁crash") })),
				path("vocab.json", JSON.stringify(vocabulary)),
			]),
		],
		["silero-vad", new Map([["silero_vad.onnx", "/models/silero_vad.onnx"]])],
		["moonshine-tiny", new Map(["encoder_model.onnx", "decoder_model_merged.onnx", "tokens.txt"].map((name) => [name, `/models/${name}`]))],
	]);
	return { filesOf: async (name) => models.get(name) ?? NO_FILES.filesOf(name) };
}

/** Returns the kind over files and packages. The defaults are stand-ins for the packages. */
export function kindOver(files: ModelFiles, packages: PackagePaths = STAND_IN_PACKAGES): BackendKind {
	return localKind(() => files, packages);
}

/** Returns an instance of the kind over files. */
export function localInstance(files: ModelFiles, options: Readonly<Record<string, unknown>> = {}, packages?: PackagePaths): Backend {
	return kindOver(files, packages).create({ name: "here", kind: "local", models: [], options });
}

/** Returns the functions of an operation that the instance serves. */
export function served<T>(operation: T | undefined): T {
	assert(operation !== undefined, "the instance does not serve the operation");
	return operation;
}
