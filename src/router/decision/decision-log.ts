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
	#capacity: number;

	/** @param capacity Limit of decisions. With 0 none is kept. */
	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	/** Replaces the limit, and deletes the oldest decisions beyond it. */
	resize(capacity: number): void {
		this.#capacity = capacity;
		this.#kept.splice(0, Math.max(0, this.#kept.length - capacity));
	}

	/**
	 * Adds a decision. Makes its explanation now: later it would show the instances in another state.
	 *
	 * @param guest Id of the guest. The default is the embedder.
	 */
	add(decision: RouteDecision, guest = ""): void {
		if (this.#capacity === 0) return;
		this.#kept.push({ decision: { ...decision }, guest });
		if (this.#kept.length > this.#capacity) this.#kept.splice(this.#indexToDelete(), 1);
	}

	/** Returns the decisions, the oldest first. */
	list(): readonly RouteDecision[] {
		return this.#kept.map(({ decision }) => decision);
	}

	#indexToDelete(): number {
		const counts = new Map<string, number>();
		for (const { guest } of this.#kept) counts.set(guest, (counts.get(guest) ?? 0) + 1);
		if (counts.size === 1) return 0;
		const most = Math.max(...counts.values());
		return this.#kept.findIndex(({ guest }) => counts.get(guest) === most);
	}
}
