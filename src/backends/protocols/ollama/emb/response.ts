import type * as emb from "../../../../../generated/ir/emb.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError, missingFeatureError } from "../../../../transport/http/failure.ts";
import { commonLength, vectorOf } from "../../../kit/emb/vectors.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { ollamaErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import type { EmbedRequest } from "./request.ts";

/**
 * Returns the result of one answer: a vector for each text, all of the same length, which is the requested one. A failure carries the
 * usage that the answer reports.
 *
 * @throws SpearError `backend_error` that names the malformed member; `missing_capabilities` for vectors of another length than requested;
 * the error that the upstream reports.
 */
export function parseEmbeddings(answer: JsonAnswer, request: EmbedRequest): emb.Response {
	try {
		return read(answer, request);
	} catch (thrown) {
		throw withUsage(thrown, isObject(answer.value) ? usageOf(answer.value) : undefined);
	}
}

function read(answer: JsonAnswer, request: EmbedRequest): emb.Response {
	// The answer is not logged: vectors explain nothing, and reveal much of the text.
	const wrong = (what: string) => malformedError(answer.exchange, what);
	const value = ollamaErrors.resultObject(answer, wrong);
	const { embeddings } = value;
	if (!Array.isArray(embeddings)) throw wrong("embeddings is not a list");
	const count = request.input.length;
	if (embeddings.length !== count) throw wrong(`embeddings holds ${embeddings.length} vectors for ${count} texts`);
	const vectors = embeddings.map((vector: unknown, place) => vectorOf(vector, (what) => wrong(`embeddings[${place}] ${what}`)));
	const dimensions = commonLength(vectors, wrong);
	if (request.dimensions !== undefined && dimensions !== request.dimensions)
		throw missingFeatureError(answer.exchange, `the vectors have length ${dimensions} instead of ${request.dimensions}`);
	const usage = usageOf(value);
	return { model: textOf(value.model) ?? request.model, vectors, dimensions, ...(usage === undefined ? {} : { usage }) };
}
