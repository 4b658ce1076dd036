import type * as emb from "../../../../../generated/ir/emb.ts";
import type * as types from "../../../../../generated/ir/types.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError, missingFeatureError } from "../../../../transport/http/failure.ts";
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

/** Joins the results of a batch that was split, in order. `wrong` makes the error for results that do not match. */
export function joinEmbeddings(parts: readonly emb.Response[], wrong: (what: string) => Error): emb.Response {
	const [first] = parts;
	if (first === undefined) throw wrong("the batch is empty");
	if (parts.length === 1) return first;
	const vectors = parts.flatMap((part) => part.vectors);
	const usage = sumOf(parts.map((part) => part.usage ?? {}));
	return {
		model: first.model,
		vectors,
		dimensions: commonLength(vectors, wrong),
		...(usage === undefined ? {} : { usage }),
	};
}

/** Returns a vector from either form: numbers, or 32-bit floats in base64, least significant byte first. */
function vectorOf(value: unknown, wrong: (what: string) => Error): Float32Array {
	const vector = typeof value === "string" ? fromBase64(value) : Array.isArray(value) ? fromNumbers(value) : undefined;
	if (vector === undefined) throw wrong("is neither a list of numbers nor 32-bit floats in base64");
	if (vector.length === 0) throw wrong("is empty");
	if (!vector.every(Number.isFinite)) throw wrong("holds a value that is not a number");
	return vector;
}

function fromNumbers(values: readonly unknown[]): Float32Array | undefined {
	const vector = new Float32Array(values.length);
	for (const [place, value] of values.entries()) {
		if (typeof value !== "number") return undefined;
		vector[place] = value;
	}
	return vector;
}

function fromBase64(text: string): Float32Array | undefined {
	if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
	const bytes = Buffer.from(text, "base64");
	if (bytes.length % 4 !== 0) return undefined;
	return Float32Array.from({ length: bytes.length / 4 }, (_, place) => bytes.readFloatLE(4 * place));
}

function commonLength(vectors: readonly Float32Array[], wrong: (what: string) => Error): number {
	const lengths = new Set(vectors.map((vector) => vector.length));
	const [length] = lengths;
	if (length === undefined || lengths.size > 1) throw wrong(`the vectors have different lengths: ${[...lengths].join(", ")}`);
	return length;
}

/** Sums the usage of all parts. A count that one part omits is unknown for the whole. */
function sumOf(parts: readonly types.Usage[]): types.Usage | undefined {
	const sum = (of: (part: types.Usage) => number | undefined) =>
		parts.reduce<number | undefined>((total, part) => {
			const tokens = of(part);
			return total === undefined || tokens === undefined ? undefined : total + tokens;
		}, 0);
	const input = sum((part) => part.input_tokens);
	const total = sum((part) => part.total_tokens);
	if (input === undefined && total === undefined) return undefined;
	return { ...(input === undefined ? {} : { input_tokens: input }), ...(total === undefined ? {} : { total_tokens: total }) };
}
