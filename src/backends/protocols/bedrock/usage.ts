import type * as types from "../../../../generated/ir/types.ts";
import { countOf, isObject } from "../../kit/json/guards.ts";

/**
 * Returns the usage that an answer reports, or `undefined` if it reports none. `inputTokens` of the API leaves out tokens that were read
 * from the prompt cache or written to it.
 *
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html
 */
export function usageOf(value: unknown): types.Usage | undefined {
	if (!isObject(value)) return undefined;
	const uncached = countOf(value.inputTokens);
	const output = countOf(value.outputTokens);
	const cached = countOf(value.cacheReadInputTokens);
	const written = countOf(value.cacheWriteInputTokens);
	const usage: types.Usage = {
		...(uncached === undefined ? {} : { input_tokens: uncached + (cached ?? 0) + (written ?? 0) }),
		...(output === undefined ? {} : { output_tokens: output }),
		...(cached === undefined ? {} : { cached_input_tokens: cached }),
		...(written === undefined ? {} : { cache_write_tokens: written }),
	};
	return Object.keys(usage).length === 0 ? undefined : usage;
}
