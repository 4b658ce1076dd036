import type * as types from "../../../../generated/ir/types.ts";
import { countOf, isObject } from "../../kit/json/guards.ts";

/**
 * The tokens as reported; `undefined` when nothing is. Chat and embeddings call them `prompt_tokens` and `completion_tokens`,
 * the newer operations `input_tokens` and `output_tokens`; realtime sessions spell the details in a way of their own.
 */
export function usageOf(value: unknown): types.Usage | undefined {
	if (!isObject(value)) return undefined;
	const inputDetails = value.prompt_tokens_details ?? value.input_tokens_details ?? value.input_token_details;
	const outputDetails = value.completion_tokens_details ?? value.output_tokens_details ?? value.output_token_details;
	const input = countOf(value.prompt_tokens) ?? countOf(value.input_tokens);
	const output = countOf(value.completion_tokens) ?? countOf(value.output_tokens);
	const total = countOf(value.total_tokens);
	const cached = isObject(inputDetails) ? countOf(inputDetails.cached_tokens) : undefined;
	const reasoning = isObject(outputDetails) ? countOf(outputDetails.reasoning_tokens) : undefined;
	// Of OpenRouter; and of servers before another vendor's models, which count beside the rest.
	const written =
		(isObject(inputDetails) ? countOf(inputDetails.cache_write_tokens) : undefined) ?? countOf(value.cache_creation_input_tokens);
	const usage: types.Usage = {
		...(input === undefined ? {} : { input_tokens: input }),
		...(output === undefined ? {} : { output_tokens: output }),
		...(total === undefined ? {} : { total_tokens: total }),
		...(cached === undefined ? {} : { cached_input_tokens: cached }),
		...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
		...(written === undefined ? {} : { cache_write_tokens: written }),
	};
	return Object.keys(usage).length === 0 ? undefined : usage;
}
