import type * as types from "../../../../generated/ir/types.ts";
import { countOf, isObject } from "../../kit/json/guards.ts";
import { totalOf, usageFrom } from "../../kit/usage.ts";

/**
 * Returns the usage that an answer reports, or `undefined` if it reports none. `inputTokens` of the API leaves out tokens that were read
 * from the prompt cache or written to it.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
export function usageOf(value: unknown): types.Usage | undefined {
	if (!isObject(value)) return undefined;
	const cached = countOf(value.cacheReadInputTokens);
	const written = countOf(value.cacheWriteInputTokens);
	return usageFrom({
		input_tokens: totalOf(countOf(value.inputTokens), cached, written),
		output_tokens: countOf(value.outputTokens),
		cached_input_tokens: cached,
		cache_write_tokens: written,
	});
}
