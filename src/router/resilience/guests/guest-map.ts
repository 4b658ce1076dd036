import { RecentMap } from "../../../collections/recent-map.ts";

/**
 * Guests for which one instance or key keeps state of their own. Guests are unbounded in number, and instances are many. With more failing
 * guests, the evidence of several of them counts for all.
 */
export const MAX_GUESTS = 16;

/** State by guest id, for at most 16 guests. The guest whose state was set longest ago is deleted first. */
export class GuestMap<T> extends RecentMap<string, T> {
	constructor() {
		super(MAX_GUESTS);
	}

	/** Returns the state of a guest, created if there is none. The guest counts as the last one that was set. */
	touch(guest: string, create: () => T): T {
		const state = this.get(guest) ?? create();
		this.set(guest, state);
		return state;
	}

	/** Returns true if the state of another guest fulfils the condition. */
	someOther(guest: string, condition: (state: T) => boolean): boolean {
		return this.maxOfOthers(guest, (state) => (condition(state) ? 1 : 0)) > 0;
	}

	/** Returns the highest value among the other guests; 0 for none. */
	maxOfOthers(guest: string, value: (state: T) => number): number {
		let highest = 0;
		for (const [id, state] of this) if (id !== guest) highest = Math.max(highest, value(state));
		return highest;
	}
}
