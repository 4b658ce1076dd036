import type * as emb from "../../../generated/ir/emb.ts";
import type { Demand } from "../../../generated/ir/envelope.ts";
import { textTokens } from "./tokens.ts";

/** The texts of the batch, and how many there are. */
export function embDemand({ input }: emb.Request): Demand {
	let tokens = 0;
	for (const text of input) tokens += textTokens(text);
	return { input_tokens: tokens, items: input.length };
}
