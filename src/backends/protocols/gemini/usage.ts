import type * as types from "../../../../generated/ir/types.ts";
import { countOf, isObject } from "../../kit/json/guards.ts";

/**
 * Returns the usage that an answer reports, or `undefined` if it reports none. The API counts the results of its own tools apart from
 * the prompt, and thoughts apart from the answer. The IR's counts include both.
 *
 * @param value `usageMetadata` of an answer. Each event of a stream holds the totals so far.
 * @see https://ai.google.dev/api/generate-content#UsageMetadata
 */
export function usageOf(value: unknown): types.Usage | undefined {
	if (!isObject(value)) return undefined;
	const input = sum(countOf(value.promptTokenCount), countOf(value.toolUsePromptTokenCount));
	const reasoning = countOf(value.thoughtsTokenCount);
	const output = sum(countOf(value.candidatesTokenCount), reasoning);
	const total = countOf(value.totalTokenCount);
	const cached = countOf(value.cachedContentTokenCount);
	const usage: types.Usage = {
		...(input === undefined ? {} : { input_tokens: input }),
		...(output === undefined ? {} : { output_tokens: output }),
		...(total === undefined ? {} : { total_tokens: total }),
		...(cached === undefined ? {} : { cached_input_tokens: cached }),
		...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
	};
	return Object.keys(usage).length === 0 ? undefined : usage;
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined ? b : a + (b ?? 0);
}
