import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import type { OpenAiOptions } from "../options.ts";
import type { DimensionsField } from "./options.ts";

const DIMENSIONS: { readonly [F in DimensionsField]: FieldRules<"embeddings">["dimensions"] } = {
	dimensions: pass,
	output_dimension: map("sent as output_dimension"),
	none: reject("the server has no member for it", { lenient: drop("the server has no member for it") }),
};

/** Returns the treatment of every field of a request for embeddings by an instance. */
export function embeddingsRules({ embeddings }: Pick<OpenAiOptions, "embeddings">): FieldRules<"embeddings"> {
	const { inputType, maxBatch, dimensionsField } = embeddings;
	return {
		model: pass,
		dimensions: DIMENSIONS[dimensionsField],
		input: when(
			`of more than ${maxBatch} texts`,
			({ length }) => length > maxBatch,
			emulate(`split into requests of at most ${maxBatch} texts`),
		),
		input_type:
			inputType === undefined
				? reject("the API has no member for it; the option embeddings_input_type names that of a server", {
						lenient: drop("the API has no member for it"),
					})
				: map(`sent as ${inputType.field}`),
	};
}
