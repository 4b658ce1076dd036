import type { EmbeddingsBackend } from "../../../../../generated/backends/embeddings.ts";
import { inParallel } from "../../../../async/in-parallel.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { authHeaders } from "../../../kit/auth.ts";
import { offeredFeatures } from "../../../offered-features.ts";
import { keepUsage } from "../keep-usage.ts";
import type { OpenAiOptions } from "../options.ts";
import { embeddingsRequests } from "./request.ts";
import { joinEmbeddings, parseEmbeddings } from "./response.ts";
import { embeddingsRules } from "./rules.ts";

/** Most parts of one batch in flight. Bounds the load that one request puts on an upstream. */
const PARALLEL = 4;

/** Returns the capabilities of an instance. */
export function embeddingsCapabilities(options: Pick<OpenAiOptions, "embeddings">): OperationCapabilities<"embeddings"> {
	const rules = embeddingsRules(options);
	return { transports: ["unary"], features: offeredFeatures("embeddings", rules), rules };
}

/**
 * `embeddings` over `POST /embeddings`. Splits a batch that is larger than the upstream accepts into concurrent requests. The first
 * failure aborts the others.
 *
 * @see https://platform.openai.com/docs/api-reference/embeddings
 */
export function openAiEmbeddings(http: HttpClient, config: InstanceConfig, options: OpenAiOptions): EmbeddingsBackend {
	return {
		async unary(envelope, context) {
			if (context.signal.aborted) throw abortError(context.signal);
			const requests = embeddingsRequests(envelope, config, options);
			const secret = context.apiKey;
			const parts = await inParallel(requests, PARALLEL, context.signal, async (json, signal) => {
				const headers = authHeaders(options, secret);
				const answer = await http.requestJson({ method: "POST", path: "/embeddings", headers, json, secret, signal });
				return keepUsage(answer.value, () => parseEmbeddings(answer, json));
			});
			return joinEmbeddings(
				parts,
				(what) => new SpearError("backend_error", `the backend's answers to the parts of one batch do not match: ${what}`),
			);
		},
	};
}
