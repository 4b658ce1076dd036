import type { LlamaOptions } from "./library.ts";

/** Options of an instance, read and checked. */
export interface LlamaCppOptions {
	/** Absolute paths of the models' files, by the name of the model. The first is the default model. */
	readonly files: ReadonlyMap<string, string>;
	readonly gpu: LlamaOptions["gpu"];
	/** Threads of an evaluation. */
	readonly threads: number;
	/** Tokens of a context: the conversation and its answer, or one text to embed. */
	readonly contextSize: number;
	/** Most requests that wait for a model. */
	readonly maxPending: number;
}
