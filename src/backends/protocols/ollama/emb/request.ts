import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { batchesOf } from "../../../../collections/batches.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { allowedProviderOptions } from "../../../kit/provider-options.ts";
import type { OllamaOptions } from "../options.ts";
import { modelMembers, withAdded } from "../runtime.ts";

/**
 * A request of `POST /api/embed`.
 *
 * @see https://github.com/ollama/ollama/blob/main/docs/openapi.yaml
 */
export interface EmbedRequest {
	readonly model: string;
	readonly input: readonly string[];
	readonly dimensions?: number;
	/** The server cuts texts that exceed the context unless the member is false. */
	readonly truncate?: false;
	readonly keep_alive?: string;
	readonly options?: { readonly [name: string]: unknown };
}

/** Members that `provider_options` can never set. */
const RESERVED = new Set(["model", "input", "dimensions", "truncate", "options"]);

/**
 * Returns the upstream's requests for an envelope: several if one may not hold all texts.
 *
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function embedRequests(envelope: RequestEnvelope<"embeddings">, config: InstanceConfig, options: OllamaOptions): EmbedRequest[] {
	const { model, input, dimensions, input_type, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	if (input_type !== undefined)
		throw new SpearError(
			"missing_capabilities",
			"input_type: this backend does not know purposes of texts; write the prefix that the model expects into the texts",
		);
	const added = allowedProviderOptions(envelope.provider_options, options, RESERVED);
	const common = {
		model: upstreamModel(config, "embeddings", model),
		...(dimensions === undefined ? {} : { dimensions }),
		...(options.embeddings.truncate ? {} : { truncate: false as const }),
		...modelMembers(options),
	};
	return batchesOf(input, options.embeddings.maxBatch).map((texts) => withAdded({ ...common, input: texts }, added));
}
