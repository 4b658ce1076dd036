import type * as types from "../../../generated/ir/types.ts";

/** Returns the usage that the result of an operation reports; `undefined` for none. */
export function reportedUsage(result: object): types.Usage | undefined {
	if (!("usage" in result) || typeof result.usage !== "object" || result.usage === null) return undefined;
	return result.usage;
}

/** Returns the tokens consumed; `undefined` if the usage reports none. Some upstreams report a total of 0 beside its parts. */
export function tokensOf(usage: types.Usage | undefined): number | undefined {
	if (usage === undefined) return undefined;
	const { input_tokens, output_tokens, total_tokens } = usage;
	if (total_tokens === undefined && input_tokens === undefined && output_tokens === undefined) return undefined;
	return Math.max(total_tokens ?? 0, (input_tokens ?? 0) + (output_tokens ?? 0));
}
