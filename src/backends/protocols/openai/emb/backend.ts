import type { EmbeddingsBackend } from "../../../../../generated/backends/embeddings.ts";
import { inParallel } from "../../../../async/in-parallel.ts";
import { abortError, SpearError } from "../../../../errors/spear-error.ts";
import type { HttpClient } from "../../../../transport/http/client.ts";
import type { InstanceConfig, OperationCapabilities } from "../../../backend.ts";
import { authHeaders } from "../../../kit/auth.ts";
import type { OpenAiOptions } from "../options.ts";
import { embeddingsRequests } from "./request.ts";
import { joinEmbeddings, parseEmbeddings } from "./response.ts";

/** How many parts of one batch are with the upstream at a time. */
const PARALLEL = 4;

/** What the embeddings API has a member for, and what the operator says this upstream has besides. */
export function embeddingsCapabilities({ embeddings }: OpenAiOptions): OperationCapabilities {
	return {
		transports: ["unary"],
		features: ["supports_dimensions", ...(embeddings.inputType === undefined ? [] : (["supports_input_type"] as const))],
	};
}

/**
 * `embeddings` over `POST /embeddings`. A batch larger than the upstream takes goes in parts, side by side; the first part that
 * fails ends the others.
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
				return parseEmbeddings(await http.requestJson({ method: "POST", path: "/embeddings", headers, json, secret, signal }), json);
			});
			return joinEmbeddings(
				parts,
				(what) => new SpearError("backend_error", `the backend's answers to the parts of one batch do not fit: ${what}`),
			);
		},
	};
}
