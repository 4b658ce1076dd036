import type { Witness } from "./witness.ts";

/** Time after its last request for which a guest counts as active, in milliseconds. A guest that polls every few minutes stays active. */
const ACTIVE_MS = 600_000;

interface Seen {
	readonly guest: string;
	at: number;
}

/**
 * The guests that send requests, or will. The failures of a lone guest count for all: it harms no other guest, and must leave a dead backend soon.
 * As soon as another guest sends a request, the evidence of one guest alone counts for that guest only.
 */
export class ActiveGuests {
	#last: Seen | undefined;
	/** The last request of another guest than that of the last request. */
	#other: Seen | undefined;
	#witness: Witness | undefined;
	/** Numbers of agents and clients, by guest. */
	readonly #present = new Map<string, number>();

	/** Adds an agent or a client of a guest. Returns true if a guest that was alone is not alone any more. */
	add(guest: string, now: number): boolean {
		const wasAlone = this.isAlone(now);
		this.#present.set(guest, (this.#present.get(guest) ?? 0) + 1);
		return wasAlone && !this.isAlone(now);
	}

	/** Removes an agent or a client that was added. */
	remove(guest: string): void {
		const count = this.#present.get(guest) ?? 0;
		if (count > 1) this.#present.set(guest, count - 1);
		else this.#present.delete(guest);
	}

	/**
	 * Records a request. Returns true if it follows the requests of another guest that was alone: what those have shown must be left to that
	 * guest. Also true after a long silence, because an upstream can make a key wait for an hour.
	 */
	record(guest: string, now: number): boolean {
		const last = this.#last;
		const wasAlone = this.isAlone(now);
		const isOther = last !== undefined && last.guest !== guest;
		if (isOther) this.#other = last;
		if (last === undefined || isOther) this.#last = { guest, at: now };
		else last.at = now;
		return wasAlone && isOther;
	}

	/**
	 * Returns true if only one guest has sent requests in the last ten minutes, and no two guests have an agent or a client. A guest that
	 * will send its first request finds places free.
	 */
	isAlone(now: number): boolean {
		if (this.#present.size > 1) return false;
		return this.#other === undefined || now - this.#other.at >= ACTIVE_MS;
	}

	/** Returns the only guest that sends requests, or will; `undefined` for several, and for none yet. */
	lone(now: number): string | undefined {
		if (!this.isAlone(now)) return undefined;
		const [present] = this.#present.keys();
		const last = this.#last?.guest;
		return last === undefined || present === undefined || last === present ? (last ?? present) : undefined;
	}

	/** Returns a guest as the witness of an outcome. */
	witness(guest: string, now: number): Witness {
		const alone = this.isAlone(now);
		const last = this.#witness;
		// Asked for several times in each request.
		if (last !== undefined && last.guest === guest && last.alone === alone) return last;
		this.#witness = { guest, alone };
		return this.#witness;
	}
}
