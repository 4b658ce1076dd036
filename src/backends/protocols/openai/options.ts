import { DEFAULT_TIMEOUTS } from "../../../transport/http/options.ts";
import type { InstanceConfig } from "../../backend.ts";
import { type EndpointOptions, readEndpoint } from "../../kit/endpoint-options.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import type { OpenAiServerDialect } from "../../kit/schema/dialects/openai-servers.ts";
import { type ChatOptions, readChatOptions } from "./cchat/options.ts";
import { type EmbeddingsOptions, readEmbeddingsOptions } from "./emb/options.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { type ImageOptions, readImageOptions } from "./img/options.ts";
import { readSpeechOptions, type SpeechOptions } from "./tts/options.ts";

/** Options of an OpenAI-compatible upstream. */
export interface OpenAiOptions extends EndpointOptions {
	/** Members that a request's `provider_options` may add to the upstream request. `true` allows all. The default is none. */
	readonly allowProviderOptions: readonly string[] | true;
	readonly chat: ChatOptions;
	readonly embeddings: EmbeddingsOptions;
	readonly images: ImageOptions;
	readonly speech: SpeechOptions;
}

/** @throws BackendConfigError that names the missing, wrong or unknown member. */
export function readOptions(config: InstanceConfig): OpenAiOptions {
	const reader = new OptionReader(config.name, config.options);
	const options: OpenAiOptions = {
		...readEndpoint(config, reader, { defaults: DEFAULT_TIMEOUTS, endpoints: ENDPOINTS }),
		...readOperationOptions(reader, config.name),
	};
	reader.finish();
	return options;
}

/** Reads the options of the operations. `instance` is the name of the instance. */
export function readOperationOptions(
	reader: OptionReader,
	instance: string,
	defaultDialect?: OpenAiServerDialect,
): Omit<OpenAiOptions, keyof EndpointOptions> {
	return {
		allowProviderOptions: reader.namesOrAll("allow_provider_options") ?? [],
		chat: readChatOptions(reader, instance, defaultDialect),
		embeddings: readEmbeddingsOptions(reader),
		images: readImageOptions(reader),
		speech: readSpeechOptions(reader),
	};
}
