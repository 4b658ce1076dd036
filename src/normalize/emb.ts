import type * as emb from "../../generated/ir/emb.ts";
import type { RequestSize } from "../../generated/ir/envelope.ts";
import { fault } from "./fault.ts";
import { textTokens } from "./tokens.ts";

/** There is nothing to embed in an empty text: some upstreams refuse the whole batch for it, others make up a vector. */
export function normalizeEmb(payload: emb.Request): emb.Request {
	const empty = payload.input.indexOf("");
	if (empty !== -1) throw fault(`input[${empty}]`, "the text is empty; leave it out");
	return payload;
}

/** The texts of the batch, and how many there are. */
export function estimateEmbSize({ input }: emb.Request): RequestSize {
	let tokens = 0;
	for (const text of input) tokens += textTokens(text);
	return { input_tokens: tokens, items: input.length };
}
