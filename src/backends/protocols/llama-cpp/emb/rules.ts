import { drop, type FieldRules, map, pass, reject } from "../../../rules.ts";

const ALIKE = "the model embeds all texts alike";

/** Treatment of every field of an embeddings request. */
export const EMBEDDINGS_RULES: FieldRules<"embeddings"> = {
	model: pass,
	input: map("each text is evaluated by itself"),
	dimensions: reject("the model's vectors cannot be shortened"),
	input_type: reject(ALIKE, { lenient: drop(ALIKE) }),
};
