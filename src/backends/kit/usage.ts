import type * as types from "../../../generated/ir/types.ts";

/** Returns the usage with the counts that an upstream reports. `undefined` if it reports none. */
export function usageFrom(counts: { readonly [C in keyof types.Usage]?: types.Usage[C] | undefined }): types.Usage | undefined {
	const usage: types.Usage = {};
	let isEmpty = true;
	for (const name of USAGE_COUNTS) {
		const count = counts[name];
		if (count === undefined) continue;
		usage[name] = count;
		isEmpty = false;
	}
	return isEmpty ? undefined : usage;
}

/** Names of the counts in a usage. */
export const USAGE_COUNTS = [
	"input_tokens",
	"output_tokens",
	"total_tokens",
	"cached_input_tokens",
	"reasoning_tokens",
	"cache_write_tokens",
] satisfies (keyof types.Usage)[];

/** Returns the sum of the counts that are present. `undefined` without the first. */
export function totalOf(first: number | undefined, ...others: readonly (number | undefined)[]): number | undefined {
	return first === undefined ? undefined : others.reduce((sum: number, count) => sum + (count ?? 0), first);
}
