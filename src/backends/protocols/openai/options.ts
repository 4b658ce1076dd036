import { DEFAULT_TIMEOUTS } from "../../../transport/http/options.ts";
import type { InstanceConfig } from "../../backend.ts";
import { type EndpointOptions, readEndpoint } from "../../kit/endpoint-options.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import { type EmbeddingsOptions, readEmbeddingsOptions } from "./emb/options.ts";
import { type ImageOptions, readImageOptions } from "./img/options.ts";
import { readSpeechOptions, type SpeechOptions } from "./tts/options.ts";

/** What an operator may say about an OpenAI-compatible upstream, under `options`. */
export interface OpenAiOptions extends EndpointOptions {
	/** The member that bounds an answer's length: `max_completion_tokens` (default), or `max_tokens` for older servers. */
	readonly maxTokensField: "max_completion_tokens" | "max_tokens";
	/** Send instructions with the role `developer`, as OpenAI's reasoning models want it, instead of `system`. */
	readonly developerRole: boolean;
	/** Hand the model's visible reasoning back on the next turn, as `reasoning_content`. Off by default: most upstreams refuse it. */
	readonly sendReasoning: boolean;
	/**
	 * Who the upstream is, as opaque parts of its answers name it; the instance's own name by default. Such parts go back only to
	 * instances of the same provider: give the same name to several instances of one.
	 */
	readonly provider: string;
	/** Hand opaque parts back to the provider they came from, as it asks for. On by default; off for one that refuses what it sent. */
	readonly sendOpaque: boolean;
	/** Members a request's `provider_options` may add to the upstream request: these, all, or none (default). */
	readonly allowProviderOptions: readonly string[] | true;
	readonly embeddings: EmbeddingsOptions;
	readonly images: ImageOptions;
	readonly speech: SpeechOptions;
}

/** @throws BackendConfigError naming the member that is missing, wrong or unknown. */
export function readOptions(config: InstanceConfig): OpenAiOptions {
	const reader = new OptionReader(config.name, config.options);
	const options: OpenAiOptions = {
		...readEndpoint(config, reader, DEFAULT_TIMEOUTS),
		maxTokensField: reader.string("max_tokens_field", ["max_completion_tokens", "max_tokens"]) ?? "max_completion_tokens",
		developerRole: reader.boolean("developer_role") ?? false,
		sendReasoning: reader.boolean("send_reasoning") ?? false,
		provider: reader.string("provider") ?? config.name,
		sendOpaque: reader.boolean("send_opaque") ?? true,
		allowProviderOptions: reader.namesOrAll("allow_provider_options") ?? [],
		embeddings: readEmbeddingsOptions(reader),
		images: readImageOptions(reader),
		speech: readSpeechOptions(reader),
	};
	reader.finish();
	return options;
}
