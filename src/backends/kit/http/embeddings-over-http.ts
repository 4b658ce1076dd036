import type { EmbeddingsBackend } from "../../../../generated/backends/embeddings.ts";
import type * as emb from "../../../../generated/ir/emb.ts";
import type { RequestEnvelope } from "../../../../generated/ir/envelope.ts";
import { inParallel } from "../../../async/in-parallel.ts";
import { abortError, SpearError } from "../../../errors/spear-error.ts";
import type { JsonAnswer } from "../../../transport/http/answer.ts";
import type { HttpClient } from "../../../transport/http/client.ts";
import { contextHeaders } from "../auth.ts";
import { joinEmbeddings } from "../emb/join.ts";
import type { EndpointOptions } from "../endpoint-options.ts";

/** A vendor's protocol for embeddings: JSON by POST, one answer for each batch. `R` is the vendor's request. */
export interface EmbeddingsProtocol<R extends object> {
	/** Path of a request. Appended to the path of the base URL. Begins with `/`. */
	path(request: R): string;
	/** Headers beside that of the key. Names are in lower case. The default is none. */
	readonly headers?: Readonly<Record<string, string>>;
	/**
	 * Returns the requests for an envelope: several if one cannot hold all texts.
	 *
	 * @throws SpearError `invalid_request` or `missing_capabilities`.
	 */
	requests(envelope: RequestEnvelope<"embeddings">): readonly R[];
	/** Reads the answer to a request. A failure carries the usage that the answer reports. */
	parse(answer: JsonAnswer, request: R): emb.Response | Promise<emb.Response>;
}

/** Most parts of one batch in flight. Bounds the load that one request puts on an upstream. */
const PARALLEL = 4;

/**
 * Returns a backend for `embeddings` that speaks a vendor's protocol. The parts of a batch are requested concurrently. The first failure
 * aborts the others.
 */
export function embeddingsOverHttp<R extends object>(
	http: HttpClient,
	options: Pick<EndpointOptions, "authHeader">,
	protocol: EmbeddingsProtocol<R>,
): EmbeddingsBackend {
	return {
		async unary(envelope, context) {
			if (context.signal.aborted) throw abortError(context.signal);
			const secret = context.apiKey;
			const parts = await inParallel(protocol.requests(envelope), PARALLEL, context.signal, async (json, signal) => {
				const headers = { ...contextHeaders(options, context), ...protocol.headers };
				const answer = await http.requestJson({ method: "POST", path: protocol.path(json), headers, json, secret, signal });
				return protocol.parse(answer, json);
			});
			return joinEmbeddings(
				parts,
				(what) => new SpearError("backend_error", `the backend's answers to the parts of one batch do not match: ${what}`),
			);
		},
	};
}
