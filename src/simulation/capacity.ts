/** The capacity of an upstream, and its behaviour beyond it. */
export interface CapacityModel {
	/** Requests in flight that it serves at its usual speed. */
	readonly slots: number;
	/** Behaviour beyond it: requests take longer in proportion, get a 503, or make the upstream collapse. */
	readonly beyond: "slows" | "refuses" | "collapses";
	/** Time for which it answers every request with 503 after a collapse, in milliseconds. The default is 10,000. */
	readonly downMs?: number;
	/**
	 * Warm-up of a started process, in milliseconds from its first request. The capacity grows from a fifth to the whole. The default is no
	 * warm-up.
	 */
	readonly warmUpMs?: number;
}

/** Part of the capacity at the start of the warm-up. */
const COLD_PART = 0.2;
const DOWN_MS = 10_000;

/** The capacity of one upstream as time passes. */
export class Capacity {
	readonly #model: CapacityModel;
	/** Start of the warm-up. `undefined` from the start of the process to its first request. */
	#warmSince: number | undefined = Number.NEGATIVE_INFINITY;
	#downUntil = Number.NEGATIVE_INFINITY;
	/** Number of collapses. */
	collapses = 0;

	constructor(model: CapacityModel) {
		this.#model = model;
	}

	/** Starts the process again, cold. */
	start(): void {
		this.#warmSince = undefined;
	}

	/**
	 * Admits a request.
	 *
	 * @param inFlight Requests in flight, this one included.
	 * @returns The factor by which the request takes longer; or that it is refused, or made the upstream collapse.
	 */
	admit(inFlight: number, now: number): { readonly slower: number } | "refused" | "collapsed" {
		if (now < this.#downUntil) return "refused";
		this.#warmSince ??= now;
		const load = inFlight / this.#slots(now - this.#warmSince);
		if (load <= 1) return { slower: 1 };
		if (this.#model.beyond === "slows") return { slower: load };
		if (this.#model.beyond === "refuses") return "refused";
		this.collapses += 1;
		this.#downUntil = now + (this.#model.downMs ?? DOWN_MS);
		this.start();
		return "collapsed";
	}

	#slots(warmMs: number): number {
		const { slots, warmUpMs } = this.#model;
		return warmUpMs === undefined ? slots : slots * Math.min(1, COLD_PART + ((1 - COLD_PART) * warmMs) / warmUpMs);
	}
}
