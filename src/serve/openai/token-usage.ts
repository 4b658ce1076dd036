import type { Usage } from "../../../generated/ir/types.ts";

/** Tokens of a request, by the names of all operations but chat and embeddings. */
export interface TokenUsage {
	readonly input_tokens: number;
	readonly output_tokens: number;
	readonly total_tokens: number;
}

/** Returns the usage of an answer. `undefined` if the upstream reported no tokens. A count that it did not report is 0. */
export function tokenUsage(usage: Usage | undefined): TokenUsage | undefined {
	if (usage === undefined) return undefined;
	const { input_tokens = 0, output_tokens = 0, total_tokens = input_tokens + output_tokens } = usage;
	return total_tokens === 0 ? undefined : { input_tokens, output_tokens, total_tokens };
}
