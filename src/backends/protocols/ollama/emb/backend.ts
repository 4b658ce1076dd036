import type { EmbeddingsBackend } from "../../../../../generated/backends/embeddings.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig } from "../../../backend.ts";
import { capabilitiesOf } from "../../../capabilities.ts";
import { embeddingsOverHttp } from "../../../kit/http/embeddings-over-http.ts";
import type { OllamaOptions } from "../options.ts";
import { embedRequests } from "./request.ts";
import { parseEmbeddings } from "./response.ts";
import { EMBEDDINGS_RULES } from "./rules.ts";

export const EMBEDDINGS_CAPABILITIES = capabilitiesOf("embeddings", ["unary"], EMBEDDINGS_RULES);

/**
 * `embeddings` over `POST /api/embed`.
 *
 * @see https://docs.ollama.com/api/embed
 */
export function ollamaEmbeddings(http: HttpClient, config: InstanceConfig, options: OllamaOptions): EmbeddingsBackend {
	return embeddingsOverHttp(http, options, {
		path: () => "/api/embed",
		requests: (envelope) => embedRequests(envelope, config, options),
		parse: parseEmbeddings,
	});
}
