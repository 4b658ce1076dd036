import type { EmbeddingsBackend } from "../../../../../generated/backends/embeddings.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { capabilitiesOf } from "../../../capabilities.ts";
import { embeddingsOverHttp } from "../../../kit/http/embeddings-over-http.ts";
import { keepUsage } from "../keep-usage.ts";
import type { OpenAiOptions } from "../options.ts";
import { embeddingsRequests } from "./request.ts";
import { parseEmbeddings } from "./response.ts";
import { embeddingsRules } from "./rules.ts";

/** Returns the capabilities of an instance. */
export function embeddingsCapabilities(options: Pick<OpenAiOptions, "embeddings">): OperationCapabilities<"embeddings"> {
	return capabilitiesOf("embeddings", ["unary"], embeddingsRules(options));
}

/**
 * `embeddings` over `POST /embeddings`.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings
 */
export function openAiEmbeddings(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): EmbeddingsBackend {
	return embeddingsOverHttp(http, options, {
		path: () => "/embeddings",
		requests: (envelope) => embeddingsRequests(envelope, config, options),
		parse: (answer, request) => keepUsage(answer.value, () => parseEmbeddings(answer, request)),
	});
}
