import type * as emb from "../../../../../generated/ir/emb.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError, missingFeatureError } from "../../../../transport/http/failure.ts";
import { commonLength, vectorOf } from "../../../kit/emb/vectors.ts";
import { indexOf, isObject, textOf } from "../../../kit/json/guards.ts";
import { openAiErrors } from "../errors.ts";
import { usageOf } from "../usage.ts";
import type { EmbeddingsRequest } from "./request.ts";

/**
 * Returns the result of one answer: a vector for each text, ordered by `index`, all of the same length, which is the requested one.
 * An item without an index has that of its place: servers leave it out for every item, or for the first, whose index is zero.
 *
 * @throws SpearError `backend_error` that names the malformed member; `missing_capabilities` for vectors of another length than requested;
 * the error that the upstream reports.
 */
export function parseEmbeddings(answer: JsonAnswer, request: EmbeddingsRequest): emb.Response {
	// The answer is not logged: vectors explain nothing, and reveal much of the text.
	const wrong = (what: string) => malformedError(answer.exchange, what);
	const value = openAiErrors.resultObject(answer, wrong);
	if (!Array.isArray(value.data)) throw wrong("data is not a list");
	const count = request.input.length;
	if (value.data.length !== count) throw wrong(`data holds ${value.data.length} vectors for ${count} texts`);
	const vectors = new Map<number, Float32Array>();
	for (const [place, item] of value.data.entries()) {
		const path = `data[${place}]`;
		if (!isObject(item)) throw wrong(`${path} is not an object`);
		const index = isAbsent(item.index) ? place : indexOf(item.index);
		if (index === undefined) throw wrong(`${path}.index is not a whole number`);
		if (index >= count) throw wrong(`${path}.index is ${index}, for ${count} texts`);
		if (vectors.has(index)) throw wrong(`${path}.index is ${index} for the second time`);
		vectors.set(
			index,
			vectorOf(item.embedding, (what) => wrong(`${path}.embedding ${what}`)),
		);
	}
	const ordered = [...vectors.entries()].sort(([a], [b]) => a - b).map(([, vector]) => vector);
	const usage = usageOf(value.usage);
	const dimensions = commonLength(ordered, wrong);
	if (request.dimensions !== undefined && dimensions !== request.dimensions) {
		throw missingFeatureError(answer.exchange, `the vectors have length ${dimensions} instead of ${request.dimensions}`);
	}
	return {
		model: textOf(value.model) ?? request.model,
		vectors: ordered,
		dimensions,
		...(usage === undefined ? {} : { usage }),
	};
}

function isAbsent(value: unknown): boolean {
	return value === undefined || value === null;
}
