import type * as types from "../../../../generated/ir/types.ts";
import { countOf, type JsonObject } from "../../kit/json/guards.ts";
import { usageFrom } from "../../kit/usage.ts";

/**
 * Returns the usage that an answer or the last line of a stream reports, or `undefined` if it reports none. Servers leave out a count of 0.
 *
 * @see https://docs.ollama.com/api/usage
 */
export function usageOf({ prompt_eval_count, eval_count }: JsonObject): types.Usage | undefined {
	return usageFrom({ input_tokens: countOf(prompt_eval_count), output_tokens: countOf(eval_count) });
}
