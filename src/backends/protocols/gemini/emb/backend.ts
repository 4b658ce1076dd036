import type { EmbeddingsBackend } from "../../../../../generated/backends/embeddings.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { capabilitiesOf } from "../../../capabilities.ts";
import { embeddingsOverHttp } from "../../../kit/http/embeddings-over-http.ts";
import { methodPath } from "../method-path.ts";
import type { GeminiOptions } from "../options.ts";
import { batchRequests } from "./request.ts";
import { parseEmbeddings } from "./response.ts";
import { embeddingsRules } from "./rules.ts";

/** Returns the capabilities of an instance. */
export function embeddingsCapabilities({ embeddings }: Pick<GeminiOptions, "embeddings">): OperationCapabilities<"embeddings"> {
	return capabilitiesOf("embeddings", ["unary"], embeddingsRules(embeddings));
}

/**
 * `embeddings` over `batchEmbedContents`.
 *
 * @see https://ai.google.dev/api/embeddings
 */
export function geminiEmbeddings(http: HttpClient, config: InstanceConfig, options: GeminiOptions): EmbeddingsBackend {
	return embeddingsOverHttp(http, options, {
		path: ({ requests: [first] }) => methodPath(options, first?.model ?? "", "batchEmbedContents"),
		requests: (envelope) => batchRequests(envelope, config, options),
		parse: parseEmbeddings,
	});
}
