import type { EndpointOptions } from "../../kit/endpoint-options.ts";
import type { ChatOptions } from "./cchat/options.ts";
import type { EmbeddingsOptions } from "./emb/options.ts";
import type { SpeechOptions } from "./tts/options.ts";

/**
 * Versions of the API, the default first: the version that Google's SDKs use.
 *
 * @see https://ai.google.dev/gemini-api/docs/api-versions
 */
export const VERSIONS = ["v1", "v1beta", "v1alpha"] as const;

export type Version = (typeof VERSIONS)[number];

/** Options of an upstream that speaks Google's Gemini API. */
export interface GeminiOptions extends EndpointOptions {
	/** Version of the API. Ignored if the base URL names one. */
	readonly version: Version;
	/** Members that a request's `provider_options` may add to the upstream request. `true` allows all. The default is none. */
	readonly allowProviderOptions: readonly string[] | true;
	readonly chat: ChatOptions;
	readonly embeddings: EmbeddingsOptions;
	readonly speech: SpeechOptions;
}
