import type { Usage } from "../../../generated/ir/types.ts";

/** Numbers of tokens. Clients add them up, so a number that the upstream did not report is 0. */
interface Tokens {
	readonly input: number;
	readonly output: number;
	readonly total: number;
}

function tokensOf({ input_tokens: input = 0, output_tokens: output = 0, total_tokens: total = input + output }: Usage): Tokens {
	return { input, output, total };
}

/** Returns the usage in the form of Chat Completions. */
export function chatUsage(usage: Usage): object {
	const { input, output, total } = tokensOf(usage);
	const { cached_input_tokens: cached, cache_write_tokens: written, reasoning_tokens: reasoning } = usage;
	return {
		prompt_tokens: input,
		completion_tokens: output,
		total_tokens: total,
		prompt_tokens_details: { cached_tokens: cached ?? 0, ...(written === undefined ? {} : { cache_write_tokens: written }) },
		completion_tokens_details: { reasoning_tokens: reasoning ?? 0 },
	};
}

/** Returns the usage in the form of Responses. */
export function responsesUsage(usage: Usage): object {
	const { input, output, total } = tokensOf(usage);
	const { cached_input_tokens: cached, cache_write_tokens: written, reasoning_tokens: reasoning } = usage;
	return {
		input_tokens: input,
		input_tokens_details: { cached_tokens: cached ?? 0, ...(written === undefined ? {} : { cache_write_tokens: written }) },
		output_tokens: output,
		output_tokens_details: { reasoning_tokens: reasoning ?? 0 },
		total_tokens: total,
	};
}
