import type * as emb from "../../../../../generated/ir/emb.ts";
import type { OptionReader } from "../../../kit/option-reader.ts";

/** What an operator may say about an upstream's embeddings. */
export interface EmbeddingsOptions {
	/** How vectors are asked for: as numbers (default, as every server understands) or in base64, which is a third as long. */
	readonly encoding: "float" | "base64";
	/** Most texts one upstream request may hold. */
	readonly maxBatch: number;
	/** How the upstream is told what the texts are for; `undefined` when it has no place for it. */
	readonly inputType: InputTypeOptions | undefined;
}

export interface InputTypeOptions {
	/** Name of the member. */
	readonly field: string;
	/** Its value for each use. */
	readonly values: Readonly<Record<emb.InputType, string>>;
}

/**
 * Texts in one request of the reference.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings/create#embeddings-create-input
 */
const MAX_BATCH = 2048;

/** Members that are the request's own. */
export const EMBEDDINGS_MEMBERS = ["model", "input", "dimensions", "encoding_format"] as const;

/**
 * Reads `embeddings_encoding`, `embeddings_max_batch` and `embeddings_input_type`, a table of `field`, e.g. `input_type`, and the
 * words for `query` and `document` (default just these).
 */
export function readEmbeddingsOptions(reader: OptionReader): EmbeddingsOptions {
	return {
		encoding: reader.string("embeddings_encoding", ["float", "base64"]) ?? "float",
		maxBatch: reader.integer("embeddings_max_batch", { min: 1, max: 1_000_000 }) ?? MAX_BATCH,
		inputType: inputType(reader.table("embeddings_input_type")),
	};
}

function inputType(table: OptionReader): InputTypeOptions | undefined {
	const field = table.string("field");
	const query = table.string("query");
	const document = table.string("document");
	table.finish();
	if (field === undefined) {
		if (query !== undefined || document !== undefined) throw table.error("field", "is missing; name the member, e.g. input_type");
		return undefined;
	}
	if (EMBEDDINGS_MEMBERS.some((name) => name === field)) throw table.error("field", `is "${field}", another member of the request`);
	return { field, values: { query: query ?? "query", document: document ?? "document" } };
}
