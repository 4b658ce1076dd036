import type * as emb from "../../../../../generated/ir/emb.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { batchesOf } from "../../../../collections/batches.ts";
import { SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { modelPath } from "../method-path.ts";
import type { GeminiOptions } from "../options.ts";
import { providerMembers } from "../provider-members.ts";

/**
 * A request of `batchEmbedContents`.
 *
 * @see https://ai.google.dev/api/embeddings
 */
export interface BatchRequest {
	/** Each text is a content of its own. Newer models embed the parts of one content together. */
	readonly requests: readonly {
		/** Path of the model, the same in every item. */
		readonly model: string;
		readonly content: { readonly role: "user"; readonly parts: readonly [{ readonly text: string }] };
		readonly taskType?: TaskType;
		readonly outputDimensionality?: number;
	}[];
}

type TaskType = "RETRIEVAL_QUERY" | "RETRIEVAL_DOCUMENT";

/** The API's tasks, by purpose of the texts. */
const TASK_TYPES: { readonly [T in emb.InputType]: TaskType } = { query: "RETRIEVAL_QUERY", document: "RETRIEVAL_DOCUMENT" };

/**
 * Returns the upstream's requests for an envelope: several if one may not hold all texts.
 *
 * @throws SpearError `invalid_request` or `missing_capabilities`.
 */
export function batchRequests(
	envelope: RequestEnvelope<"embeddings">,
	config: InstanceConfig,
	options: GeminiOptions,
): readonly BatchRequest[] {
	const { model, input, dimensions, input_type, ...rest } = envelope.payload;
	assertNoFieldsLeft(rest);
	const { taskType, maxBatch } = options.embeddings;
	if (input_type !== undefined && !taskType)
		throw new SpearError(
			"missing_capabilities",
			"input_type: this backend does not know purposes of texts; write the task that the model expects into the texts",
		);
	const common = {
		model: modelPath(upstreamModel(config, "embeddings", model)),
		...(input_type === undefined ? {} : { taskType: TASK_TYPES[input_type] }),
		...(dimensions === undefined ? {} : { outputDimensionality: dimensions }),
		...providerMembers(envelope.provider_options, options).request,
	};
	return batchesOf(input, maxBatch).map((texts) => ({
		requests: texts.map((text) => ({ ...common, content: { role: "user", parts: [{ text }] } })),
	}));
}
