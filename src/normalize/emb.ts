import type * as emb from "../../generated/ir/emb.ts";
import { fault } from "./fault.ts";

/** There is nothing to embed in an empty text: some upstreams refuse the whole batch for it, others make up a vector. */
export function normalizeEmb(payload: emb.Request): emb.Request {
	const empty = payload.input.indexOf("");
	if (empty !== -1) throw fault(`input[${empty}]`, "the text is empty; leave it out");
	return payload;
}
