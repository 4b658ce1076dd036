import type { OptionReader } from "../../../kit/option-reader.ts";

/** Options for embeddings. */
export interface EmbeddingsOptions {
	/** Sends the purpose of the texts as `taskType`. The default is true. Gemini Embedding 2 has no such member. */
	readonly taskType: boolean;
	/** Most texts in one upstream request. The default is 100. */
	readonly maxBatch: number;
}

/**
 * Most texts in one request of the API.
 *
 * @see https://ai.google.dev/api/embeddings
 */
const MAX_BATCH = 100;

/** Reads `embeddings_task_type` and `embeddings_max_batch`. */
export function readEmbeddingsOptions(reader: OptionReader): EmbeddingsOptions {
	return {
		taskType: reader.boolean("embeddings_task_type") ?? true,
		maxBatch: reader.integer("embeddings_max_batch", { min: 1, max: 1_000_000 }) ?? MAX_BATCH,
	};
}
