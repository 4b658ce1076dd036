import type * as emb from "../../../../generated/ir/emb.ts";
import type { CallOptions } from "../../../../generated/ir/types.ts";
import { callOptions } from "../call-options.ts";
import { invalid, unsupported } from "../errors.ts";
import { fieldNames } from "../field-names.ts";
import { Fields, type JsonRecord, textAt } from "../fields.ts";

/** Encodings of a vector in an answer. */
export type Encoding = "float" | "base64";

/** A request for embeddings, as the call that a guest would make. */
export interface EmbeddingsCall {
	readonly payload: emb.Request;
	readonly options: CallOptions | undefined;
	/** Encoding of the vectors of the answer. The upstream's may differ. */
	readonly encoding: Encoding;
}

/** Names the client's member for a path of the host. All have the same name. */
export const embeddingsFieldNames = fieldNames([]);

/**
 * Reads the body of `POST /v1/embeddings`.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings/create
 * @throws RequestError that names the member at fault.
 */
export function embeddingsCall(body: JsonRecord): EmbeddingsCall {
	const fields = new Fields(body, "");
	const model = fields.text("model");
	const input = texts(fields.any("input"));
	const dimensions = fields.number("dimensions", { integer: true, min: 1, max: 0xffff_ffff });
	// Not OpenAI's, but of many servers with its API.
	const input_type = fields.oneOf("input_type", ["query", "document"] as const);
	const encoding = fields.oneOf("encoding_format", ["float", "base64"] as const) ?? "float";
	return {
		payload: {
			input,
			...(model === undefined ? {} : { model }),
			...(dimensions === undefined ? {} : { dimensions }),
			...(input_type === undefined ? {} : { input_type }),
		},
		options: callOptions(fields.fields("spear"), { extra: fields.rest() }),
		encoding,
	};
}

/** Returns the texts to embed: one, or a list. */
function texts(input: unknown): string[] {
	if (input === undefined) throw invalid("input", "is required");
	if (typeof input === "string") return [textAt(input, "input")];
	if (!Array.isArray(input)) throw invalid("input", "must be a string or a list of strings");
	const [first]: unknown[] = input;
	if (typeof first === "number" || Array.isArray(first))
		throw unsupported("input", "lists of tokens are not supported, because backends have different tokens; send texts");
	return input.map((text: unknown, index) => textAt(text, `input[${index}]`));
}
