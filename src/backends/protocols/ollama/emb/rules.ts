import { type FieldRules, map, pass, reject } from "../../../rules.ts";

/** Treatment of every field of a request for embeddings. */
export const EMBEDDINGS_RULES: FieldRules<"embeddings"> = {
	model: pass,
	input: map("a batch larger than embeddings_max_batch is split"),
	dimensions: pass,
	input_type: reject("the upstream does not know purposes of texts"),
};
