import type { EmbeddingsBackend } from "../../../../../generated/backends/embeddings.ts";
import type * as emb from "../../../../../generated/ir/emb.ts";
import type { RequestEnvelope } from "../../../../../generated/ir/envelope.ts";
import { abortable } from "../../../../async/abortable.ts";
import { guestName } from "../../../../errors/guest-name.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { assertNoFieldsLeft } from "../../../kit/assert-no-fields-left.ts";
import { upstreamModel } from "../../../kit/models.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import type { Engine } from "../engine.ts";
import { contextOverflow, evaluationError, MAX_CHARACTERS_PER_TOKEN } from "../failure.ts";
import type { LoadedModel } from "../loaded-model.ts";
import { textTokens } from "../tokenize.ts";
import { EMBEDDINGS_RULES } from "./rules.ts";

export const EMBEDDINGS_CAPABILITIES: Omit<OperationCapabilities<"embeddings">, "models"> = {
	transports: ["unary"],
	features: offeredFeatures("embeddings", EMBEDDINGS_RULES),
	rules: EMBEDDINGS_RULES,
};

/** `embeddings` by a model in this process. The vectors have length one, so that their scalar product is their similarity. */
export function llamaEmbeddings(engine: Engine, config: InstanceConfig): EmbeddingsBackend {
	return {
		async unary(envelope, context) {
			const signal = AbortSignal.any([context.signal, engine.closing]);
			const { name, input } = embeddingsRequest(envelope, config);
			const model = engine.model(name);
			const release = await model.queue.enter(signal, context.guest);
			const { vectors, tokens } = await abortable(embed(model, input, signal).finally(release), signal);
			const dimensions = vectors[0]?.length ?? 0;
			return { model: name, vectors, dimensions, usage: { input_tokens: tokens, total_tokens: tokens } };
		},
	};
}

function embeddingsRequest(
	{ payload, provider_options }: RequestEnvelope<"embeddings">,
	config: InstanceConfig,
): { readonly name: string; readonly input: readonly string[] } {
	const { model, input, dimensions, input_type, ...rest }: emb.Request = payload;
	assertNoFieldsLeft(rest);
	if (dimensions !== undefined) throw new SpearError("missing_capabilities", "dimensions: this backend cannot shorten vectors");
	if (input_type !== undefined) throw new SpearError("missing_capabilities", "input_type: this backend embeds all texts alike");
	for (const name of Object.keys(provider_options))
		throw new SpearError("invalid_request", `provider_options.${guestName(name)}: this backend accepts none`);
	return { name: upstreamModel(config, "embeddings", model), input };
}

/** Embeds the texts one after the other, and looks at the signal before each. The context bounds the duration of one text. */
async function embed(
	loaded: LoadedModel,
	input: readonly string[],
	signal: AbortSignal,
): Promise<{ readonly vectors: Float32Array[]; readonly tokens: number }> {
	try {
		const { model, context, contextSize } = await loaded.embedding();
		const vectors: Float32Array[] = [];
		let sum = 0;
		for (const [index, text] of input.entries()) {
			if (signal.aborted) throw abortError(signal);
			if (text.length > MAX_CHARACTERS_PER_TOKEN * contextSize) throw contextOverflow(`input[${index}]`, contextSize - 1);
			const tokens = await textTokens(text, model.tokenizer, { signal, max: contextSize });
			const length = context.calculateInputLength(tokens);
			if (length >= contextSize) throw contextOverflow(`input[${index}]`, contextSize - 1);
			vectors.push(unit((await context.getEmbeddingFor(tokens)).vector));
			sum += length;
		}
		return { vectors, tokens: sum };
	} catch (thrown) {
		if (signal.aborted) throw abortError(signal);
		throw evaluationError(thrown, "the embedding");
	}
}

/** Returns a vector of length one in the direction of another. */
function unit(vector: readonly number[]): Float32Array {
	const length = Math.hypot(...vector);
	if (!Number.isFinite(length)) throw new SpearError("backend_error", "the model's vector holds a value that is not a number");
	return Float32Array.from(vector, (value) => (length === 0 ? 0 : value / length));
}
