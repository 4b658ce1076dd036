/** How much an upstream can bear, and what becomes of it beyond that. */
export interface CapacityModel {
	/** Requests in flight it serves at its usual speed. */
	readonly slots: number;
	/** Beyond that: everything takes longer in proportion, or the request gets a 503, or the upstream breaks down. */
	readonly beyond: "slows" | "refuses" | "collapses";
	/** For how long it answers nothing but 503 after a collapse, in milliseconds. */
	readonly downMs?: number;
	/** A process that has just started bears a fifth of it, and more from its first request on, until after so many milliseconds it bears all. */
	readonly warmUpMs?: number;
}

const COLD_PART = 0.2;
const DOWN_MS = 10_000;

/** The capacity of one upstream as time passes. */
export class Capacity {
	readonly #model: CapacityModel;
	/** Since when it has warmed up; `undefined` before the first request to a cold one. */
	#warmSince: number | undefined = Number.NEGATIVE_INFINITY;
	#downUntil = Number.NEGATIVE_INFINITY;
	/** How often it collapsed. */
	collapses = 0;

	constructor(model: CapacityModel) {
		this.#model = model;
	}

	/** Its process starts anew, cold. */
	start(): void {
		this.#warmSince = undefined;
	}

	/** One more request is in flight now. Gives how much slower that makes it, that it is turned away, or that it was one too many. */
	enter(inFlight: number, now: number): { readonly slower: number } | "refused" | "collapsed" {
		if (now < this.#downUntil) return "refused";
		this.#warmSince ??= now;
		const over = inFlight / this.#slots(now - this.#warmSince);
		if (over <= 1) return { slower: 1 };
		if (this.#model.beyond === "slows") return { slower: over };
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
