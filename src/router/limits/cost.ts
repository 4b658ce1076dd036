import type { PriceConfig } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import type * as types from "../../../generated/ir/types.ts";

const MILLION = 1_000_000;

/**
 * Returns the cost of a request, in the currency of the prices. `undefined`, which is not 0, if no price is configured, if a priced amount
 * was not reported, or if a reported amount has no price.
 */
export function costOf(price: PriceConfig | undefined, usage: types.Usage | undefined, size: RequestSize | undefined): number | undefined {
	if (price === undefined) return undefined;
	const parts = [tokenCost(price, usage), price.request ?? 0, ...sizeCosts(price, size)];
	const known = parts.filter((part) => part !== undefined);
	return known.length === parts.length ? known.reduce((sum, part) => sum + part, 0) : undefined;
}

/**
 * Returns the expected cost of a request by its size, in the currency of the prices. Amounts that the size does not tell count as 0.
 *
 * @param outputTokens Expected output tokens.
 */
export function estimatedCost(price: PriceConfig, size: RequestSize | undefined, outputTokens: number): number {
	const usage = { input_tokens: size?.input_tokens ?? 0, output_tokens: outputTokens };
	const bySize = sizeCosts(price, size).reduce((sum: number, part) => sum + (part ?? 0), 0);
	return (tokenCost(price, usage) ?? 0) + (price.request ?? 0) + bySize;
}

/** The cost of the tokens. Tokens read from a cache, written to a cache and of reasoning may each have a price of their own. */
function tokenCost(price: PriceConfig, usage: types.Usage | undefined): number | undefined {
	if (price.input === undefined && price.output === undefined) return 0;
	if (usage === undefined) return undefined;
	const { cached_input_tokens: cached = 0, cache_write_tokens: written = 0, reasoning_tokens: reasoning = 0 } = usage;
	const { input, output } = price;
	const parts = [
		otherTokensCost(usage.input_tokens, cached + written, input),
		tokensCost(cached, price.cached_input ?? input),
		tokensCost(written, price.cache_write ?? input),
		// Embeddings report no output tokens.
		output === undefined && usage.output_tokens === undefined ? 0 : otherTokensCost(usage.output_tokens, reasoning, output),
		tokensCost(reasoning, price.reasoning ?? output),
	];
	return parts.reduce<number | undefined>((sum, part) => (sum === undefined || part === undefined ? undefined : sum + part), 0);
}

/** The cost of all tokens except those that are priced separately. */
function otherTokensCost(tokens: number | undefined, pricedSeparately: number, price: number | undefined): number | undefined {
	return tokens === undefined ? undefined : tokensCost(Math.max(0, tokens - pricedSeparately), price);
}

function tokensCost(tokens: number, price: number | undefined): number | undefined {
	if (tokens === 0) return 0;
	return price === undefined ? undefined : (tokens * price) / MILLION;
}

/** The costs by the size of the request. Each is `undefined` if it has a price and the size is unknown. */
function sizeCosts(price: PriceConfig, size: RequestSize | undefined): (number | undefined)[] {
	const cost = (amount: number | undefined, unitPrice: number | undefined, unit = 1): number | undefined =>
		unitPrice === undefined ? 0 : amount === undefined ? undefined : (amount * unitPrice) / unit;
	return [
		cost(size?.images, price.image),
		cost(size?.characters, price.characters, MILLION),
		cost(size?.audio_seconds, price.audio_minute, 60),
	];
}
