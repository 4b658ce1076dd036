/** Part of the places that may be kept free for guests that run nothing. Otherwise many idle guests would leave no place to others. */
const MAX_RESERVED = 1 / 2;

interface Counts {
	agents: number;
	running: number;
}

/** Agents and live instances of each guest, and the share of the host's places that follows from them. */
export class GuestRuns {
	/** Guests with an agent or an instance, by id. */
	readonly #guests = new Map<string, Counts>();
	#running = 0;
	/** Number of guests with an instance. */
	#active = 0;

	/** Number of live instances. */
	get running(): number {
		return this.#running;
	}

	/** Adds agents and live instances of a guest. Negative numbers remove them. */
	add(id: string, { agents = 0, running = 0 }: Partial<Counts>): void {
		const guest = this.#guests.get(id) ?? { agents: 0, running: 0 };
		const before = guest.running;
		guest.agents += agents;
		guest.running += running;
		this.#running += running;
		this.#active += Math.sign(guest.running) - Math.sign(before);
		if (guest.agents === 0 && guest.running === 0) this.#guests.delete(id);
		else this.#guests.set(id, guest);
	}

	/** Returns true if a guest may have another instance. A place is kept free for each guest that has an agent and no instance. */
	hasPlace(id: string, maxRunning: number): boolean {
		const free = maxRunning - this.#running;
		if ((this.#guests.get(id)?.running ?? 0) === 0) return free > 0;
		const idle = this.#guests.size - this.#active;
		return free > Math.min(idle, Math.floor(maxRunning * MAX_RESERVED));
	}
}
