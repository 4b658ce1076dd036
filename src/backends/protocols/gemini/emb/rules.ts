import { type FieldRules, map, pass, reject } from "../../../rules.ts";
import type { EmbeddingsOptions } from "./options.ts";

/** Returns the treatment of every field of a request for embeddings. */
export function embeddingsRules({ taskType }: EmbeddingsOptions): FieldRules<"embeddings"> {
	return {
		model: pass,
		input: map("a batch larger than embeddings_max_batch is split"),
		dimensions: pass,
		input_type: taskType
			? map("sent as the task RETRIEVAL_QUERY or RETRIEVAL_DOCUMENT")
			: reject("the option embeddings_task_type is false: the model has no tasks"),
	};
}
