import { SortedSet } from "./sorted-set.ts";

/**
 * Turns of the guests of an agent by their weights. Each guest with runs in the queue has a virtual time, and the guest with the earliest one is next. A
 * start moves the guest's time on by one over the weight. A guest that begins to wait starts at the present virtual time: it makes up for no time
 * without runs. A guest that has just started its last run keeps its time, and gains nothing by runs that come one after the other.
 *
 * @see https://dl.acm.org/doi/10.1145/248157.248171 Start-time fair queueing.
 */
export class GuestTurns {
	readonly #waiting = new SortedSet();
	readonly #served = new SortedSet();
	#present = 0;

	/** Returns the guest whose turn it is; `undefined` if none waits. */
	next(): string | undefined {
		return this.#waiting.first()?.member;
	}

	/** Adds a guest that has a run in the queue now. */
	join(guest: string): void {
		if (this.#waiting.score(guest) !== undefined) return;
		const present = this.#waiting.first()?.score ?? this.#present;
		this.#waiting.set(guest, Math.max(present, this.#served.score(guest) ?? 0));
		this.#served.delete(guest);
	}

	/** Removes a guest that has no run in the queue any more. */
	leave(guest: string): void {
		const time = this.#waiting.score(guest);
		if (time === undefined) return;
		this.#waiting.delete(guest);
		this.#served.set(guest, time);
	}

	/** Charges a guest for a start. */
	charge(guest: string, weight: number): void {
		const time = this.#waiting.score(guest);
		if (time === undefined) return;
		this.#present = Math.max(this.#present, time);
		this.#waiting.set(guest, time + 1 / weight);
		for (const past of this.#served.upTo(this.#present)) this.#served.delete(past);
	}

	/** Takes a charge back. */
	refund(guest: string, weight: number): void {
		const time = this.#waiting.score(guest);
		if (time !== undefined) this.#waiting.set(guest, time - 1 / weight);
	}
}
