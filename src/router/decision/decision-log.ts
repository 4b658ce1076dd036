import type { RouteDecision } from "./route-decision.ts";

/** The last decisions of a sample, for an operator to look at; each as it was when it ended. */
export class DecisionLog {
	readonly #ring: RouteDecision[] = [];
	#capacity: number;

	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	/** Keeps no more than so many from now on. */
	resize(capacity: number): void {
		this.#capacity = capacity;
		this.#ring.splice(0, Math.max(0, this.#ring.length - capacity));
	}

	add(decision: RouteDecision): void {
		if (this.#capacity === 0) return;
		this.#ring.push({ ...decision });
		if (this.#ring.length > this.#capacity) this.#ring.shift();
	}

	/** Oldest first. */
	list(): readonly RouteDecision[] {
		return [...this.#ring];
	}
}
