import type * as types from "../../../../generated/ir/types.ts";
import { countOf, isObject } from "../../kit/json/guards.ts";
import { usageFrom } from "../../kit/usage.ts";

/**
 * Returns the usage that an upstream reports, or `undefined` if it reports none. Chat and embeddings have `prompt_tokens` and
 * `completion_tokens`, newer operations `input_tokens` and `output_tokens`. Realtime sessions name the details differently.
 */
export function usageOf(value: unknown): types.Usage | undefined {
	if (!isObject(value)) return undefined;
	const inputDetails = value.prompt_tokens_details ?? value.input_tokens_details ?? value.input_token_details;
	const outputDetails = value.completion_tokens_details ?? value.output_tokens_details ?? value.output_token_details;
	// The second form is DeepSeek's, the third Moonshot's.
	const cached =
		(isObject(inputDetails) ? countOf(inputDetails.cached_tokens) : undefined) ??
		countOf(value.prompt_cache_hit_tokens) ??
		countOf(value.cached_tokens);
	// The first form is OpenRouter's, the second that of proxies for other vendors' models.
	const cacheWrites =
		(isObject(inputDetails) ? countOf(inputDetails.cache_write_tokens) : undefined) ?? countOf(value.cache_creation_input_tokens);
	return usageFrom({
		input_tokens: countOf(value.prompt_tokens) ?? countOf(value.input_tokens),
		output_tokens: countOf(value.completion_tokens) ?? countOf(value.output_tokens),
		total_tokens: countOf(value.total_tokens),
		cached_input_tokens: cached,
		reasoning_tokens: isObject(outputDetails) ? countOf(outputDetails.reasoning_tokens) : undefined,
		cache_write_tokens: cacheWrites,
	});
}

/**
 * Returns the usage that an answer or a chunk of a stream reports, or `undefined` if it reports none. Most servers report it in `usage`.
 * Streams of Groq report it in `x_groq.usage`, streams of Moonshot in `choices[0].usage`.
 *
 * @see https://console.groq.com/docs/api-reference#chat-create
 * @see https://platform.moonshot.ai/docs/api/chat
 */
export function reportedUsage(answer: unknown): types.Usage | undefined {
	if (!isObject(answer)) return undefined;
	const { x_groq: groq, choices } = answer;
	const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
	return (
		usageOf(answer.usage) ?? (isObject(groq) ? usageOf(groq.usage) : undefined) ?? (isObject(choice) ? usageOf(choice.usage) : undefined)
	);
}
