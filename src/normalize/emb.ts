import type * as emb from "../../generated/ir/emb.ts";
import type { RequestSize } from "../../generated/ir/envelope.ts";
import { fault } from "./fault.ts";
import { textTokens } from "./tokens.ts";

/** Refuses an empty text. Otherwise some upstreams would refuse the whole batch, and others would invent a vector. */
export function normalizeEmb(payload: emb.Request): emb.Request {
	const empty = payload.input.indexOf("");
	if (empty !== -1) throw fault(`input[${empty}]`, "the text is empty; omit it");
	return payload;
}

/** Estimates the tokens of the batch, and counts its texts. */
export function estimateEmbSize({ input }: emb.Request): RequestSize {
	let tokens = 0;
	for (const text of input) tokens += textTokens(text);
	return { input_tokens: tokens, items: input.length };
}
