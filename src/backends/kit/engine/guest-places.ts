/**
 * Places at an engine, of which one guest holds no more than it leaves free. Otherwise one guest could hold all of them, for as long as its
 * requests and sessions last.
 */
export class GuestPlaces {
	readonly #max: number;
	/** Held places by guest. */
	readonly #held = new Map<string, number>();
	#count = 0;

	/** @param max Number of places. */
	constructor(max: number) {
		this.#max = max;
	}

	/** Number of held places. */
	get count(): number {
		return this.#count;
	}

	/** Returns true if the guest may hold a further place. */
	hasRoom(guest: string): boolean {
		return (this.#held.get(guest) ?? 0) < this.#max - this.#count;
	}

	/** Takes a place. */
	add(guest: string): void {
		this.#held.set(guest, (this.#held.get(guest) ?? 0) + 1);
		this.#count++;
	}

	/** Releases a place. */
	remove(guest: string): void {
		const left = (this.#held.get(guest) ?? 0) - 1;
		if (left > 0) this.#held.set(guest, left);
		else this.#held.delete(guest);
		this.#count--;
	}
}
