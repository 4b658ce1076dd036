import type { RouteDecision } from "./route-decision.ts";

/** The last decisions of a sample, for an operator to look at; each as it was when it ended. */
export class DecisionLog {
	readonly #ring: RouteDecision[] = [];
	#keep: number;

	constructor(keep: number) {
		this.#keep = keep;
	}

	/** Keeps no more than so many from now on. */
	resize(keep: number): void {
		this.#keep = keep;
		this.#ring.splice(0, Math.max(0, this.#ring.length - keep));
	}

	add(decision: RouteDecision): void {
		if (this.#keep === 0) return;
		this.#ring.push({ ...decision });
		if (this.#ring.length > this.#keep) this.#ring.shift();
	}

	/** Oldest first. */
	list(): readonly RouteDecision[] {
		return [...this.#ring];
	}
}
