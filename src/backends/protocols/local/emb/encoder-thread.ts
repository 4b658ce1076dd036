/** Thread of embeddings: a sentence encoder over TensorFlow.js in WebAssembly. */
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { SpearError } from "../../../../errors/spear-error.ts";
import { parseJson } from "../../../../formats/json.ts";
import { serveEngine } from "../../../kit/engine/serve-engine.ts";
import { isObject } from "../../../kit/json/guards.ts";
import type { GraphModel, Library } from "./library.ts";
import { loadLibrary } from "./load-library.ts";
import { DIMENSIONS, MAX_TOKENS } from "./rules.ts";
import { type EncodedText, steps } from "./steps.ts";
import { Tokenizer } from "./tokenizer.ts";

/** Values that the thread starts with. */
export interface EncoderSettings {
	/** Absolute path of the package's module. */
	readonly library: string;
	/** Absolute paths of the model's description, beside which its weights are, and of its vocabulary. */
	readonly model: string;
	readonly vocabulary: string;
}

export interface EncoderTask {
	readonly texts: readonly string[];
}

/** Vectors of a task's texts, one behind the other. */
export interface EncodedTexts {
	readonly vectors: Float32Array<ArrayBuffer>;
	/** Evaluated tokens. */
	readonly tokens: number;
	/** Number of texts of which only the beginning counted. */
	readonly cut: number;
}

/** Longest text that can have all its tokens evaluated, in UTF-16 units. No piece of the vocabulary has more than 16 characters. */
const MAX_CHARACTERS = 16 * MAX_TOKENS;

/** Id of a text without a character that the model knows. */
const UNKNOWN = 0;

await serveEngine<EncoderTask, EncodedTexts, void>(async (settings) => {
	if (!isSettings(settings)) throw new Error("the settings of the thread have another form");
	const library = await loadLibrary(settings.library);
	const tokenizer = new Tokenizer(parseJson(await readFile(settings.vocabulary, "utf8")));
	const model = await library.loadGraphModel(pathToFileURL(settings.model).href);
	await library.ready();
	return async ({ texts }, context) => {
		const encoded = texts.map((text, place) => encode(tokenizer, text, place));
		const vectors = new Float32Array(texts.length * DIMENSIONS);
		for (const step of steps(encoded)) {
			if (context.isCancelled) return;
			const values = await evaluate(library, model, step);
			for (const [index, { place }] of step.entries())
				vectors.set(values.subarray(index * DIMENSIONS, (index + 1) * DIMENSIONS), place * DIMENSIONS);
		}
		const tokens = encoded.reduce((sum, { ids }) => sum + ids.length, 0);
		context.emit({ vectors, tokens, cut: encoded.filter(({ isCut }) => isCut).length }, [vectors.buffer]);
	};
});

function encode(tokenizer: Tokenizer, text: string, place: number): EncodedText & { readonly isCut: boolean } {
	const ids = tokenizer.encode(text.slice(0, MAX_CHARACTERS));
	const isCut = ids.length > MAX_TOKENS || text.length > MAX_CHARACTERS;
	return { place, ids: ids.length === 0 ? [UNKNOWN] : ids.slice(0, MAX_TOKENS), isCut };
}

/** Returns the vectors of some texts, one behind the other. */
async function evaluate(library: Library, model: GraphModel, step: readonly EncodedText[]): Promise<Float32Array> {
	const ids = step.flatMap((text) => text.ids);
	const places = step.flatMap((text, row) => text.ids.flatMap((_, column) => [row, column]));
	const indices = library.tensor2d(Int32Array.from(places), [ids.length, 2], "int32");
	const values = library.tensor1d(Int32Array.from(ids), "int32");
	try {
		const [output] = [await model.executeAsync({ indices, values })].flat();
		if (output === undefined) throw new Error("the model has no output");
		const vectors = await output.data();
		output.dispose();
		if (!(vectors instanceof Float32Array) || vectors.length !== step.length * DIMENSIONS)
			throw new SpearError("backend_error", `the model's vectors do not have ${DIMENSIONS} numbers`);
		return vectors;
	} finally {
		indices.dispose();
		values.dispose();
	}
}

function isSettings(settings: unknown): settings is EncoderSettings {
	return isObject(settings) && ["library", "model", "vocabulary"].every((name) => typeof settings[name] === "string");
}
