import { type Emulations, readEmulations } from "../../kit/chat/emulate/options.ts";
import type { UpstreamOptions } from "../../kit/http/upstream-options.ts";
import type { OptionReader } from "../../kit/option-reader.ts";

/**
 * Forms in which a request's `reasoning_effort` is sent.
 * - `boolean`: `think` is true, or false for the effort `none`. Every model that thinks accepts this form.
 * - `levels`: `think` is a level, for models that think more or less, such as gpt-oss.
 *
 * @see https://docs.ollama.com/capabilities/thinking
 */
export const REASONING_FORMS = ["boolean", "levels"] as const;

/** Options of an upstream that speaks Ollama's own API. */
export interface OllamaOptions extends UpstreamOptions {
	/** Time for which the model stays loaded after a request, such as `5m`. `-1s` keeps it for ever. Absent: the server's default. */
	readonly keepAlive: string | undefined;
	/** Size of the context that the model is loaded with, in tokens. Absent: the server's default. */
	readonly numCtx: number | undefined;
	/** The default is `boolean`. */
	readonly reasoning: (typeof REASONING_FORMS)[number];
	/** Returns reasoning to the provider that sent it, with the next turn. The default is true: models reason across tool calls. */
	readonly sendReasoning: boolean;
	/**
	 * Name of the upstream in reasoning. Reasoning is returned only to instances with the same provider. The default is the name of the
	 * instance.
	 */
	readonly provider: string;
	/** Functions that the host imitates for models that lack them. The default is none. */
	readonly emulations: Emulations;
	readonly embeddings: EmbeddingsOptions;
}

/** Options for embeddings. */
export interface EmbeddingsOptions {
	/** Most texts in one upstream request. The default is 2048. */
	readonly maxBatch: number;
	/** Cuts texts that exceed the model's context. The default is false: such a request is refused. */
	readonly truncate: boolean;
}

/** Largest value of `num_ctx`, in tokens. No model has a larger context. */
const MAX_CONTEXT = 16_777_216;

/**
 * A duration as Go writes it.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
const DURATION = /^(?:0|-?(?:\d{1,9}(?:\.\d{1,9})?(?:ns|us|ms|s|m|h)){1,6})$/;

/**
 * Reads `keep_alive`, `num_ctx`, `reasoning`, `send_reasoning`, `provider`, `tools`, `embeddings_max_batch` and
 * `embeddings_truncate`.
 *
 * @param instance Name of the instance.
 */
export function readOllamaOptions(reader: OptionReader, instance: string): Omit<OllamaOptions, keyof UpstreamOptions> {
	const keepAlive = reader.string("keep_alive");
	if (keepAlive !== undefined && !DURATION.test(keepAlive))
		reader.fault("keep_alive", 'must be a duration such as "30s", "5m" or "24h"; "-1s" is for ever, "0" unloads the model at once');
	return {
		keepAlive,
		numCtx: reader.integer("num_ctx", { min: 1, max: MAX_CONTEXT }),
		reasoning: reader.string("reasoning", REASONING_FORMS) ?? "boolean",
		sendReasoning: reader.boolean("send_reasoning") ?? true,
		provider: reader.string("provider") ?? instance,
		emulations: readEmulations(reader, ["tools"]),
		embeddings: {
			maxBatch: reader.integer("embeddings_max_batch", { min: 1, max: 1_000_000 }) ?? 2048,
			truncate: reader.boolean("embeddings_truncate") ?? false,
		},
	};
}
