import { SpearError } from "../../../errors/spear-error.ts";

/**
 * Bound of the requests of one engine. A request consists of several tasks, between which other requests have their turns. Therefore requests
 * are refused before their first task, never in the middle.
 */
export class Admission {
	readonly #max: number;
	#admitted = 0;

	/** @param maxPending Most requests that wait while one is served. */
	constructor(maxPending: number) {
		this.#max = maxPending + 1;
	}

	/**
	 * Admits a request. Returns a function that ends it; call it once.
	 *
	 * @throws SpearError `rate_limited` if too many requests are admitted.
	 */
	enter(): () => void {
		if (this.#admitted >= this.#max)
			throw new SpearError("rate_limited", `the engine is busy, and ${this.#max - 1} further requests wait for it; try again later`);
		this.#admitted++;
		return () => {
			this.#admitted--;
		};
	}
}
