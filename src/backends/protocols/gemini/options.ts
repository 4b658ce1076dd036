import type { UpstreamOptions } from "../../kit/http/upstream-options.ts";
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
export interface GeminiOptions extends UpstreamOptions {
	/** Path of the file with an access token of Google Cloud. Absent: requests carry a key. */
	readonly tokenFile: string | undefined;
	/** Version of the API. Ignored if the base URL names one. */
	readonly version: Version;
	readonly chat: ChatOptions;
	readonly embeddings: EmbeddingsOptions;
	readonly speech: SpeechOptions;
}
