import type { Operation } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import type { Serving } from "../eligibility/capability-index.ts";
import { offerOf } from "../eligibility/model-offer.ts";

/** The wishes of a request that put candidates in order. */
export interface RoutingPreferences {
	/** Absent also when no instance is there: what nobody can meet is no reason to tell two requests apart. */
	readonly region: string | undefined;
	readonly cost: types.Hint | undefined;
}

/**
 * The candidates in groups of equals, the best first: by the operator's priority, then by how well the model is met, then by the
 * request's region and its wish for little cost.
 */
export function byPreference(serving: readonly Serving[], operation: Operation, wishes: RoutingPreferences): Serving[][] {
	const prices = wishes.cost === "low" ? priceRanks(serving, operation) : undefined;
	const rank = (each: Serving): readonly number[] => [
		each.instance.priority,
		each.match,
		wishes.region === undefined || each.instance.region === wishes.region ? 0 : 1,
		prices?.get(each) ?? 0,
	];
	const groups = new Map<string, { readonly rank: readonly number[]; readonly members: Serving[] }>();
	for (const each of serving) {
		const own = rank(each);
		const key = own.join();
		const group = groups.get(key);
		if (group === undefined) groups.set(key, { rank: own, members: [each] });
		else group.members.push(each);
	}
	return [...groups.values()].sort((a, b) => compare(a.rank, b.rank)).map(({ members }) => members);
}

function compare(a: readonly number[], b: readonly number[]): number {
	const at = a.findIndex((value, index) => value !== b[index]);
	return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}

/** Each one's place among the prices there are, the cheapest 0; those of unknown price come last. */
function priceRanks(serving: readonly Serving[], operation: Operation): Map<Serving, number> {
	const priced = new Map(serving.map((each) => [each, roughPrice(each, operation)]));
	const distinct = [...new Set(priced.values())].sort((a, b) => a - b);
	return new Map([...priced].map(([each, price]) => [each, distinct.indexOf(price)]));
}

/** One number to compare by: every price there is, a million tokens, characters, or a thousand requests, images and minutes each. */
function roughPrice({ instance, model }: Serving, operation: Operation): number {
	const offer = instance.operations.get(operation);
	const price = offer === undefined ? undefined : offerOf(offer, model).price;
	if (price === undefined) return Number.POSITIVE_INFINITY;
	const { input = 0, output = 0, characters = 0, request = 0, image = 0, audio_minute = 0 } = price;
	return input + output + characters + 1_000 * (request + image + audio_minute);
}
