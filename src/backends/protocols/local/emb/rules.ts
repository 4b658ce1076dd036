import { drop, type FieldRules, map, pass, reject, when } from "../../../rules.ts";

/** Length of the model's vectors. */
export const DIMENSIONS = 512;

/** Most tokens of a text that count. The computation grows with their square. */
export const MAX_TOKENS = 512;

const ALIKE = "the model embeds all texts alike";

/** Treatment of every field of an embeddings request. */
export const EMBEDDINGS_RULES: FieldRules<"embeddings"> = {
	model: pass,
	input: map(`of each text, the first ${MAX_TOKENS} tokens count; the response names the number of longer texts`),
	dimensions: when(
		`other than ${DIMENSIONS}`,
		(dimensions) => dimensions !== DIMENSIONS,
		reject(`the model's vectors have ${DIMENSIONS} numbers and cannot be shortened`),
	),
	input_type: reject(ALIKE, { lenient: drop(ALIKE) }),
};
