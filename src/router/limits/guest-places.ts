import type { Witness } from "../resilience/guests/witness.ts";

/**
 * Returns the places that one guest may hold of a concurrency limit: all but one while other guests send requests. Otherwise requests that
 * never end would keep all others out.
 */
export function placesOfGuest(limit: number, { alone }: Witness): number {
	return alone ? limit : Math.max(1, limit - 1);
}

/** Places that guests hold, by guest and a further name. */
export class GuestPlaces<N extends string> {
	readonly #held = new Map<string, Map<N, number>>();

	/** Returns the places of a guest under one name. */
	of(guest: string, name: N): number {
		return this.#held.get(guest)?.get(name) ?? 0;
	}

	/** Returns the places of a guest under all names. */
	all(guest: string): number {
		let sum = 0;
		for (const places of this.#held.get(guest)?.values() ?? []) sum += places;
		return sum;
	}

	/** Counts a place. Returns the function that releases it; further calls of it do nothing. */
	take(guest: string, name: N): () => void {
		this.#add(guest, name, 1);
		let held = true;
		return () => {
			if (held) this.#add(guest, name, -1);
			held = false;
		};
	}

	#add(guest: string, name: N, by: 1 | -1): void {
		const places = this.#held.get(guest) ?? new Map<N, number>();
		const count = (places.get(name) ?? 0) + by;
		if (count === 0) places.delete(name);
		else places.set(name, count);
		// Guests without a name are new ones each time: entries of 0 would grow without bound.
		if (places.size === 0) this.#held.delete(guest);
		else this.#held.set(guest, places);
	}
}
