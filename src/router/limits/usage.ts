import type * as types from "../../../generated/ir/types.ts";

/** The usage that an answer reports, of whatever operation; `undefined` when it reports none. */
export function reportedUsage(answer: object): types.Usage | undefined {
	if (!("usage" in answer) || typeof answer.usage !== "object" || answer.usage === null) return undefined;
	return answer.usage;
}

/** Tokens consumed, as far as reported; `undefined` when nothing is. */
export function tokensOf(usage: types.Usage | undefined): number | undefined {
	if (usage === undefined) return undefined;
	const { input_tokens, output_tokens, total_tokens } = usage;
	if (total_tokens !== undefined) return total_tokens;
	return input_tokens === undefined && output_tokens === undefined ? undefined : (input_tokens ?? 0) + (output_tokens ?? 0);
}
