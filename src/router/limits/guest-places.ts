import type { Witness } from "../resilience/guests/witness.ts";

/**
 * Returns the places that one guest may hold of a concurrency limit: all but one while other guests send requests. Otherwise requests that
 * never end would keep all others out.
 */
export function placesOfGuest(limit: number, { alone }: Witness): number {
	return alone ? limit : Math.max(1, limit - 1);
}

/** Places of one guest under one name. Used again for another guest when no place is held any more. */
interface Held<N extends string> {
	guest: string;
	name: N;
	count: number;
}

/**
 * Places that guests hold of a concurrency limit, by guest and a further name. A list, because the limit bounds the guests with a place, and
 * thousands of instances have only one.
 */
export class GuestPlaces<N extends string> {
	readonly #held: Held<N>[] = [];

	/** Returns the places of a guest under one name. */
	of(guest: string, name: N): number {
		return this.#find(guest, name)?.count ?? 0;
	}

	/** Returns the places of a guest under all names. */
	all(guest: string): number {
		let sum = 0;
		for (const held of this.#held) if (held.guest === guest) sum += held.count;
		return sum;
	}

	/** Counts a place. */
	add(guest: string, name: N): void {
		const held = this.#find(guest, name) ?? this.#create(guest, name);
		held.count += 1;
	}

	/** Removes a place that was counted. */
	remove(guest: string, name: N): void {
		const held = this.#find(guest, name);
		if (held !== undefined && held.count > 0) held.count -= 1;
	}

	#find(guest: string, name: N): Held<N> | undefined {
		for (const held of this.#held) if (held.guest === guest && held.name === name) return held;
		return undefined;
	}

	#create(guest: string, name: N): Held<N> {
		const free = this.#held.find(({ count }) => count === 0);
		if (free !== undefined) return Object.assign(free, { guest, name });
		const created = { guest, name, count: 0 };
		this.#held.push(created);
		return created;
	}
}
