import { ruleGroups } from "../../../rule-groups.ts";
import { drop, emulate, type FieldRules, map, pass, reject, when } from "../../../rules.ts";
import type { OpenAiOptions } from "../options.ts";

const { each } = ruleGroups("embeddings");

/** Returns the treatment of every field of a request for embeddings by an instance. */
export function embeddingsRules({ embeddings }: Pick<OpenAiOptions, "embeddings">): FieldRules<"embeddings"> {
	const { inputType, maxBatch } = embeddings;
	return {
		...each(["model", "dimensions"], pass),
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
