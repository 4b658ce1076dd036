import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { batchesOf } from "../../../../collections/batches.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import type { OpenAiOptions } from "../options.ts";
import { EMBEDDINGS_MEMBERS } from "./options.ts";

/**
 * A request for embeddings.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings/create
 */
export interface EmbeddingsRequest {
	readonly model: string;
	readonly input: readonly string[];
	readonly dimensions?: number;
	readonly output_dimension?: number;
	readonly encoding_format?: "base64";
}

/**
 * Returns the upstream's requests for an envelope: several if one cannot hold all texts.
 *
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function embeddingsRequests(
	envelope: RequestEnvelope<"embeddings">,
	config: InstanceConfig,
	options: OpenAiOptions,
): EmbeddingsRequest[] {
	const { model, input, dimensions, input_type, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	const { inputType, encoding, maxBatch, dimensionsField } = options.embeddings;
	if (dimensions !== undefined && dimensionsField === "none")
		throw new SpearError("missing_capabilities", "dimensions: this backend has no member for it");
	if (input_type !== undefined && inputType === undefined)
		throw new SpearError(
			"missing_capabilities",
			"input_type: this backend has no member for it; its operator can name one with embeddings_input_type",
		);
	const reserved = new Set<string>([...EMBEDDINGS_MEMBERS, dimensionsField, ...(inputType === undefined ? [] : [inputType.field])]);
	const common = {
		model: upstreamModel(config, "embeddings", model),
		...(dimensions === undefined ? {} : { [dimensionsField]: dimensions }),
		...(encoding === "float" ? {} : { encoding_format: encoding }),
		...(input_type === undefined || inputType === undefined ? {} : { [inputType.field]: inputType.values[input_type] }),
		...allowedProviderOptions(envelope.provider_options, options, reserved),
	};
	return batchesOf(input, maxBatch).map((texts) => ({ ...common, input: texts }));
}
