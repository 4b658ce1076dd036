import type { PriceConfig } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";

const MILLION = 1_000_000;

/**
 * What a request has cost, in the currency of the prices; `undefined` when that is not known: no price is configured, what is priced was not
 * reported, or what was consumed has no price. Unknown is not 0.
 */
export function costOf(price: PriceConfig | undefined, usage: types.Usage | undefined, size: RequestSize | undefined): number | undefined {
	if (price === undefined) return undefined;
	const parts = [tokenCost(price, usage), price.request ?? 0, ...measuredCosts(price, size)];
	const known = parts.filter((part) => part !== undefined);
	return known.length === parts.length ? known.reduce((sum, part) => sum + part, 0) : undefined;
}

/** What a request may cost, as far as its size tells beforehand; 0 for what it does not tell. `outputTokens` is what is expected of an answer. */
export function estimatedCost(price: PriceConfig, size: RequestSize | undefined, outputTokens: number): number {
	const usage = { input_tokens: size?.input_tokens ?? 0, output_tokens: outputTokens };
	const measured = measuredCosts(price, size).reduce((sum: number, part) => sum + (part ?? 0), 0);
	return (tokenCost(price, usage) ?? 0) + (price.request ?? 0) + measured;
}

/** Each kind of token by its own price: those from a cache, those written to one, and those of reasoning apart from the rest. */
function tokenCost(price: PriceConfig, usage: types.Usage | undefined): number | undefined {
	if (price.input === undefined && price.output === undefined) return 0;
	if (usage === undefined) return undefined;
	const { cached_input_tokens: cached = 0, cache_write_tokens: written = 0, reasoning_tokens: reasoning = 0 } = usage;
	const { input, output } = price;
	const parts = [
		priced(usage.input_tokens, cached + written, input),
		count(cached, price.cached_input ?? input),
		count(written, price.cache_write ?? input),
		// An answer of vectors reports no output.
		output === undefined && usage.output_tokens === undefined ? 0 : priced(usage.output_tokens, reasoning, output),
		count(reasoning, price.reasoning ?? output),
	];
	return parts.reduce<number | undefined>((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
}

/** The tokens of a kind but for those that are priced apart. */
function priced(tokens: number | undefined, apart: number, price: number | undefined): number | undefined {
	return tokens === undefined ? undefined : count(Math.max(0, tokens - apart), price);
}

function count(tokens: number, price: number | undefined): number | undefined {
	if (tokens === 0) return 0;
	return price === undefined ? undefined : (tokens * price) / MILLION;
}

/** The parts that the request itself measures; `undefined` for one that has a price and is not known. */
function measuredCosts(price: PriceConfig, size: RequestSize | undefined): (number | undefined)[] {
	const times = (amount: number | undefined, each: number | undefined, unit = 1): number | undefined =>
		each === undefined ? 0 : amount === undefined ? undefined : (amount * each) / unit;
	return [
		times(size?.images, price.image),
		times(size?.characters, price.characters, MILLION),
		times(size?.audio_seconds, price.audio_minute, 60),
	];
}
