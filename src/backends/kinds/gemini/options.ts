import type { InstanceConfig } from "../../backend.ts";
import { readTokenFile } from "../../kit/bearer-token.ts";
import { readUpstream } from "../../kit/http/upstream-options.ts";
import { OptionReader } from "../../kit/option-reader.ts";
import { readChatOptions } from "../../protocols/gemini/cchat/options.ts";
import { readEmbeddingsOptions } from "../../protocols/gemini/emb/options.ts";
import { type GeminiOptions, VERSIONS } from "../../protocols/gemini/options.ts";
import { readSpeechOptions } from "../../protocols/gemini/tts/options.ts";

/** URL of Google's own API. */
const BASE_URL = "https://generativelanguage.googleapis.com";

/** Paths that the protocol appends. Google's OpenAI-compatible API ends in `/openai`. */
const ENDPOINTS: readonly string[] = [":generatecontent", ":streamgeneratecontent", ":batchembedcontents", "/models", "/openai"];

/**
 * Reads the options of an instance. `base_url` may be absent. A `base_url` that names a version, such as that of a project at Vertex AI, takes
 * precedence over `api_version`.
 *
 * @throws BackendConfigError that names the wrong or unknown member.
 */
export function readOptions(config: InstanceConfig): GeminiOptions {
	const reader = new OptionReader(config.name, config.options);
	const options: GeminiOptions = {
		...readUpstream(config, reader, { baseUrl: BASE_URL, endpoints: ENDPOINTS, authHeader: "x-goog-api-key" }),
		tokenFile: readTokenFile(reader),
		version: reader.string("api_version", VERSIONS) ?? VERSIONS[0],
		chat: readChatOptions(reader, config.name),
		embeddings: readEmbeddingsOptions(reader),
		speech: readSpeechOptions(reader),
	};
	reader.finish();
	return options;
}
