import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { Serving } from "../eligibility/capability-index.ts";
import { offerOf } from "../eligibility/model-offer.ts";

/** The preferences of a request that order its candidates. */
export interface RoutingPreferences {
	/** Preferred region. `undefined` without a preference, and for a region without instances, so that both share a candidate set. */
	readonly region: string | undefined;
	/** With "low", cheaper candidates come first. */
	readonly cost: types.Hint | undefined;
}

/**
 * Groups candidates of equal rank, the best group first. The rank is the operator's priority, then the precision of the model match, then
 * the region, then the price.
 */
export function byPreference(servings: readonly Serving[], operation: Operation, preferences: RoutingPreferences): Serving[][] {
	const priceRanks = preferences.cost === "low" ? rankByPrice(servings, operation) : undefined;
	const rankOf = (serving: Serving): readonly number[] => [
		serving.instance.priority,
		serving.match,
		preferences.region === undefined || serving.instance.region === preferences.region ? 0 : 1,
		priceRanks?.get(serving) ?? 0,
	];
	const groups = new Map<string, { readonly rank: readonly number[]; readonly members: Serving[] }>();
	for (const serving of servings) {
		const rank = rankOf(serving);
		const key = rank.join();
		const group = groups.get(key);
		if (group === undefined) groups.set(key, { rank, members: [serving] });
		else group.members.push(serving);
	}
	return [...groups.values()].sort((a, b) => compareRanks(a.rank, b.rank)).map(({ members }) => members);
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
	const index = a.findIndex((value, i) => value !== b[i]);
	return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

/** The rank of each candidate by price, 0 for the cheapest. Unknown prices come last. */
function rankByPrice(servings: readonly Serving[], operation: Operation): Map<Serving, number> {
	const prices = new Map(servings.map((serving) => [serving, comparablePrice(serving, operation)]));
	const distinct = [...new Set(prices.values())].sort((a, b) => a - b);
	return new Map([...prices].map(([serving, price]) => [serving, distinct.indexOf(price)]));
}

/** A number to compare prices by: the sum for a million tokens and characters each, and a thousand requests, images and minutes each. */
function comparablePrice({ instance, model }: Serving, operation: Operation): number {
	const offer = instance.operations.get(operation);
	const price = offer === undefined ? undefined : offerOf(offer, model).price;
	if (price === undefined) return Number.POSITIVE_INFINITY;
	const { input = 0, output = 0, characters = 0, request = 0, image = 0, audio_minute = 0 } = price;
	return input + output + characters + 1_000 * (request + image + audio_minute);
}
