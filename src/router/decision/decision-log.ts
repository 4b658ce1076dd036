import type { RouteDecision } from "./route-decision.ts";

/** The last decisions of a sample, each as it was when it ended. */
export class DecisionLog {
	readonly #decisions: RouteDecision[] = [];
	#capacity: number;

	/** @param capacity Limit of decisions. With 0 none is kept. */
	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	/** Replaces the limit, and deletes the oldest decisions beyond it. */
	resize(capacity: number): void {
		this.#capacity = capacity;
		this.#decisions.splice(0, Math.max(0, this.#decisions.length - capacity));
	}

	/** Adds a decision. Makes its explanation now: later it would show the instances in another state. */
	add(decision: RouteDecision): void {
		if (this.#capacity === 0) return;
		this.#decisions.push({ ...decision });
		if (this.#decisions.length > this.#capacity) this.#decisions.shift();
	}

	/** Returns the decisions, the oldest first. */
	list(): readonly RouteDecision[] {
		return [...this.#decisions];
	}
}
