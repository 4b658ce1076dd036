import type { Operation } from "../../../generated/ir/operations.ts";
import type { Instance } from "../instances/instance.ts";
import type { PlaceStore, Places } from "./places.ts";

/**
 * Makes an instance use places that several hosts share, under its present limits.
 *
 * @param onFree Called when the instance has got more places.
 */
export function sharePlaces({ name, concurrency, operations, stats }: Instance, store: PlaceStore, onFree: () => void): void {
	const owner = `instance:${name}`;
	const byOperation = new Map<Operation, Places>();
	for (const [operation, { rates }] of operations) {
		if (rates.concurrency === Number.POSITIVE_INFINITY) continue;
		const places = store.places(`${owner}/${operation}`, owner, rates.concurrency, () => stats.inFlightOf(operation), onFree);
		byOperation.set(operation, places);
	}
	const isLimited = concurrency !== Number.POSITIVE_INFINITY;
	const all = isLimited ? store.places(owner, owner, concurrency, () => stats.inFlight, onFree) : undefined;
	stats.sharedPlaces = all === undefined && byOperation.size === 0 ? undefined : { all, byOperation };
}

/**
 * Returns the requests that this host may have in flight under a limit. Notes that a place is lacking if others have it.
 *
 * @param places Places that several hosts share. `undefined` for a host alone.
 */
export function allowedBy(places: Places | undefined, limit: number, inFlight: number): number {
	if (places === undefined) return limit;
	const { allowed } = places;
	if (inFlight >= allowed && inFlight < limit) places.want();
	return Math.min(allowed, limit);
}
