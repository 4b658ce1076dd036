import type * as types from "../../../../generated/ir/types.ts";
import { countOf, isObject, type JsonObject } from "../../kit/json/guards.ts";

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
	const output = countOf(value.output_tokens);
	const reasoning = isObject(details) ? countOf(details.thinking_tokens) : undefined;
	const usage: types.Usage = {
		...(uncached === undefined ? {} : { input_tokens: uncached + (cached ?? 0) + (written ?? 0) }),
		...(output === undefined ? {} : { output_tokens: output }),
		...(cached === undefined ? {} : { cached_input_tokens: cached }),
		...(reasoning === undefined ? {} : { reasoning_tokens: reasoning }),
		...(written === undefined ? {} : { cache_write_tokens: written }),
	};
	return Object.keys(usage).length === 0 ? undefined : usage;
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
