import type { EmbeddingsBackend } from "../../../../../generated/backends/embeddings.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { embeddingsOverHttp } from "../../../kit/http/embeddings-over-http.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import type { OllamaOptions } from "../options.ts";
import { embedRequests } from "./request.ts";
import { parseEmbeddings } from "./response.ts";
import { EMBEDDINGS_RULES } from "./rules.ts";

export const EMBEDDINGS_CAPABILITIES: OperationCapabilities<"embeddings"> = {
	transports: ["unary"],
	features: offeredFeatures("embeddings", EMBEDDINGS_RULES),
	rules: EMBEDDINGS_RULES,
};

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
