import type * as types from "../../../../../generated/ir/types.ts";
import { withUsage } from "../../../../errors/with-usage.ts";
import type { JsonAnswer } from "../../../../transport/http/answer.ts";
import { malformedError } from "../../../../transport/http/failure.ts";
import { decodedImage } from "../../../kit/images/image-bytes.ts";
import type { FoundImage } from "../../../kit/images/store.ts";
import { isObject, textOf } from "../../../kit/json/guards.ts";
import { geminiErrors } from "../errors.ts";
import { inlineDataOf, noMediaError } from "../inline-data.ts";
import { usageOf } from "../usage.ts";

/** The answer to a request for an image. */
export interface ImageAnswer extends FoundImage {
	readonly model: string | undefined;
	readonly usage: types.Usage | undefined;
}

/**
 * Returns the image of an answer: the first, if the model made several.
 *
 * @throws SpearError the error for an answer without an image, with the usage; the error that the upstream reports.
 */
export function parseImage(answer: JsonAnswer): ImageAnswer {
	const usage = isObject(answer.value) ? usageOf(answer.value.usageMetadata) : undefined;
	try {
		// The answer is not logged: it consists of the image.
		const wrong = (what: string) => malformedError(answer.exchange, what);
		const response = geminiErrors.resultObject(answer, wrong);
		const [image] = inlineDataOf(response);
		if (image === undefined) throw noMediaError(answer.exchange, response, "image");
		return { bytes: decodedImage(image.base64, (what) => wrong(`inlineData ${what}`)), model: textOf(response.modelVersion), usage };
	} catch (thrown) {
		throw withUsage(thrown, usage);
	}
}

/** Returns the sum of the usages of several requests. A count that one of them does not report is left out. */
export function sumOf(usages: readonly (types.Usage | undefined)[]): types.Usage | undefined {
	const names = ["input_tokens", "output_tokens", "total_tokens", "cached_input_tokens", "reasoning_tokens"] as const;
	const sums = names.flatMap((name): [string, number][] => {
		const counts = usages.flatMap((usage) => usage?.[name] ?? []);
		return counts.length > 0 && counts.length === usages.length ? [[name, counts.reduce((sum, count) => sum + count)]] : [];
	});
	return sums.length === 0 ? undefined : Object.fromEntries(sums);
}
