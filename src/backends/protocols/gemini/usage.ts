import type * as types from "../../../../generated/ir/types.ts";
import { countOf, isObject } from "../../kit/json/guards.ts";
import { usageFrom } from "../../kit/usage.ts";

/**
 * Returns the usage that an answer reports, or `undefined` if it reports none. The API counts the results of its own tools apart from
 * the prompt, and thoughts apart from the answer. The IR's counts include both.
 *
 * @param value `usageMetadata` of an answer. Each event of a stream holds the totals so far.
 * @see https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function usageOf(value: unknown): types.Usage | undefined {
	if (!isObject(value)) return undefined;
	const reasoning = countOf(value.thoughtsTokenCount);
	return usageFrom({
		input_tokens: sum(countOf(value.promptTokenCount), countOf(value.toolUsePromptTokenCount)),
		output_tokens: sum(countOf(value.candidatesTokenCount), reasoning),
		total_tokens: countOf(value.totalTokenCount),
		cached_input_tokens: countOf(value.cachedContentTokenCount),
		reasoning_tokens: reasoning,
	});
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined ? b : a + (b ?? 0);
}
