import type * as types from "../../../../generated/ir/types.ts";
import { countOf, isObject, type JsonObject } from "../../kit/json/guards.ts";
import { totalOf, usageFrom } from "../../kit/usage.ts";

/**
 * Returns the usage that an answer reports, or `undefined` if it reports none. `input_tokens` of the API leaves out tokens that were read
 * from the prompt cache or written to it.
 *
 * @see https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export function usageOf(value: unknown): types.Usage | undefined {
	if (!isObject(value)) return undefined;
	const { output_tokens_details: details } = value;
	const uncached = countOf(value.input_tokens);
	const cached = countOf(value.cache_read_input_tokens);
	const written = countOf(value.cache_creation_input_tokens);
	return usageFrom({
		input_tokens: totalOf(uncached, cached, written),
		output_tokens: countOf(value.output_tokens),
		cached_input_tokens: cached,
		reasoning_tokens: isObject(details) ? countOf(details.thinking_tokens) : undefined,
		cache_write_tokens: written,
	});
}

/** Members that {@link usageOf} reads. */
const MEMBERS = [
	"input_tokens",
	"cache_read_input_tokens",
	"cache_creation_input_tokens",
	"output_tokens",
	"output_tokens_details",
] as const;

/** Returns the usage so far with that of a later event. Numbers of a later event replace earlier ones. Other members are left out. */
export function laterUsage(former: JsonObject, later: unknown): JsonObject {
	if (!isObject(later)) return former;
	return Object.fromEntries(MEMBERS.map((name) => [name, later[name] ?? former[name]]));
}
