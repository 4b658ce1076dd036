import type * as emb from "../../../../../generated/ir/emb.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";

/** Options for embeddings. */
export interface EmbeddingsOptions {
	/** Encoding of the vectors. The default is `float`, which every server supports. `base64` is a third as long. */
	readonly encoding: "float" | "base64";
	/** Most texts in one upstream request. The default is 2048. */
	readonly maxBatch: number;
	/** Member for the purpose of the texts. Absent if the upstream has none. */
	readonly inputType: InputTypeOptions | undefined;
	/** Member for the length of the vectors. `none`: the server has none. */
	readonly dimensionsField: DimensionsField;
}

export type DimensionsField = "dimensions" | "output_dimension" | "none";

export interface InputTypeOptions {
	/** Name of the member. */
	readonly field: string;
	/** Value of the member by purpose. */
	readonly values: Readonly<Record<emb.InputType, string>>;
}

/**
 * Most texts in one request of OpenAI's API.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings/create#embeddings-create-input
 */
const MAX_BATCH = 2048;

/** Members that the adapter writes. */
export const EMBEDDINGS_MEMBERS = ["model", "input", "dimensions", "encoding_format"] as const;

/**
 * Reads `embeddings_encoding`, `embeddings_max_batch` and `embeddings_input_type`. The latter is a table of `field`, such as
 * `input_type`, and of the upstream's words for `query` and `document`. The default words are the same.
 */
export function readEmbeddingsOptions(reader: OptionReader, dimensionsField: DimensionsField = "dimensions"): EmbeddingsOptions {
	return {
		encoding: reader.string("embeddings_encoding", ["float", "base64"]) ?? "float",
		maxBatch: reader.integer("embeddings_max_batch", { min: 1, max: 1_000_000 }) ?? MAX_BATCH,
		inputType: inputType(reader.table("embeddings_input_type")),
		dimensionsField,
	};
}

function inputType(table: OptionReader): InputTypeOptions | undefined {
	const field = table.string("field");
	const query = table.string("query");
	const document = table.string("document");
	table.finish();
	if (field === undefined) {
		if (query !== undefined || document !== undefined) table.fault("field", "is missing; name the member, such as input_type");
		return undefined;
	}
	if (EMBEDDINGS_MEMBERS.some((name) => name === field)) table.fault("field", `is "${field}", which is another member of the request`);
	return { field, values: { query: query ?? "query", document: document ?? "document" } };
}
