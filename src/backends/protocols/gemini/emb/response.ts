import type * as emb from "../../../../../generated/ir/emb.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError, missingFeatureError } from "../../../../transport/http/failure.ts";
import { commonLength, vectorOf } from "../../../kit/emb/vectors.ts";
import { isObject } from "../../../kit/json/guards.ts";
import { geminiErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import type { BatchRequest } from "./request.ts";

/**
 * Returns the result of one answer: a vector for each text, all of the same length, which is the requested one. A failure carries the
 * usage that the answer reports. The API does not repeat the name of the model.
 *
 * @throws SpearError `backend_error` that names the malformed member; `missing_capabilities` for vectors of another length than requested;
 * the error that the upstream reports.
 */
export function parseEmbeddings(answer: JsonAnswer, request: BatchRequest): emb.Response {
	const usage = isObject(answer.value) ? usageOf(answer.value.usageMetadata) : undefined;
	try {
		return { ...read(answer, request), ...(usage === undefined ? {} : { usage }) };
	} catch (thrown) {
		throw withUsage(thrown, usage);
	}
}

function read(answer: JsonAnswer, { requests }: BatchRequest): emb.Response {
	// The answer is not logged: vectors explain nothing, and reveal much of the text.
	const wrong = (what: string) => malformedError(answer.exchange, what);
	const { embeddings } = geminiErrors.resultObject(answer, wrong);
	if (!Array.isArray(embeddings)) throw wrong("embeddings is not a list");
	if (embeddings.length !== requests.length) throw wrong(`embeddings holds ${embeddings.length} vectors for ${requests.length} texts`);
	const vectors = embeddings.map((item: unknown, place) =>
		vectorOf(isObject(item) ? item.values : undefined, (what) => wrong(`embeddings[${place}].values ${what}`)),
	);
	const dimensions = commonLength(vectors, wrong);
	const [first] = requests;
	const asked = first?.outputDimensionality;
	if (asked !== undefined && dimensions !== asked)
		throw missingFeatureError(answer.exchange, `the vectors have length ${dimensions} instead of ${asked}`);
	return { model: first?.model.replace(/^models\//, "") ?? "", vectors, dimensions };
}
