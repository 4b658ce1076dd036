import type { RouteDecision } from "./route-decision.ts";

/** A kept decision, and the guest of its request. */
interface Kept {
	readonly decision: RouteDecision;
	readonly guest: string;
}

/**
 * The last decisions of a sample, each as it was when it ended. If there are too many, the oldest of the guest with the most is deleted.
 * Otherwise the failures of one guest would displace the decisions of all others.
 */
export class DecisionLog {
	readonly #kept: Kept[] = [];
	/** Number of kept decisions, by guest. Holds no 0. */
	readonly #counts = new Map<string, number>();
	#capacity: number;

	/** @param capacity Limit of decisions. With 0 none is kept. */
	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	/** Replaces the limit, and deletes the oldest decisions beyond it. */
	resize(capacity: number): void {
		this.#capacity = capacity;
		for (const { guest } of this.#kept.splice(0, Math.max(0, this.#kept.length - capacity))) this.#count(guest, -1);
	}

	/**
	 * Adds a decision. Makes its explanation now: later it would show the instances in another state.
	 *
	 * @param guest Id of the guest. The default is the embedder.
	 */
	add(decision: RouteDecision, guest = ""): void {
		if (this.#capacity === 0) return;
		this.#kept.push({ decision: { ...decision, explanation: decision.explanation }, guest });
		this.#count(guest, 1);
		if (this.#kept.length <= this.#capacity) return;
		for (const deleted of this.#kept.splice(this.#indexToDelete(), 1)) this.#count(deleted.guest, -1);
	}

	/** Returns the decisions, the oldest first. */
	list(): readonly RouteDecision[] {
		return this.#kept.map(({ decision }) => decision);
	}

	#indexToDelete(): number {
		if (this.#counts.size === 1) return 0;
		const most = Math.max(...this.#counts.values());
		return this.#kept.findIndex(({ guest }) => this.#counts.get(guest) === most);
	}

	#count(guest: string, change: 1 | -1): void {
		const count = (this.#counts.get(guest) ?? 0) + change;
		if (count === 0) this.#counts.delete(guest);
		else this.#counts.set(guest, count);
	}
}
