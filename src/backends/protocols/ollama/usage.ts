import type * as types from "../../../../generated/ir/types.ts";
import { countOf, type JsonObject } from "../../kit/json/guards.ts";

/**
 * Returns the usage that an answer or the last line of a stream reports, or `undefined` if it reports none. Servers leave out a count of 0.
 *
 * @see https://docs.ollama.com/api/usage
 */
export function usageOf({ prompt_eval_count, eval_count }: JsonObject): types.Usage | undefined {
	const input = countOf(prompt_eval_count);
	const output = countOf(eval_count);
	if (input === undefined && output === undefined) return undefined;
	return { ...(input === undefined ? {} : { input_tokens: input }), ...(output === undefined ? {} : { output_tokens: output }) };
}
