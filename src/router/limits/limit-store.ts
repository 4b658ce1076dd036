/** An amount that a request draws from one bucket. */
export interface Charge {
	/** Name of the bucket. Hosts that share a store share the bucket. */
	readonly bucket: string;
	/** Amount to draw; an estimate if `settle` will report the actual one. An amount above the capacity counts as the capacity. */
	readonly amount: number;
	readonly capacity: number;
	/** Refill per millisecond. 0 for a budget that never refills. */
	readonly perMs: number;
	/**
	 * Time after the last draw from which the bucket may be deleted, in milliseconds. Absent for a bucket that refills: it may be deleted when
	 * it is full.
	 */
	readonly forgetAfterMs?: number;
	/** Content of the bucket. The default is `requests`. */
	readonly unit?: "requests" | "tokens" | "money";
}

/** The result of `reserve` if every charge was drawn. */
export interface Reservation {
	readonly granted: true;
	/** Present if the store granted the amounts without knowing the buckets, and why. For explanations. */
	readonly detail?: string | undefined;
	/**
	 * Replaces the estimates by the actual amounts, in the order of the charges; `undefined` keeps the estimate. Only the first call has an
	 * effect.
	 */
	settle(actual: readonly (number | undefined)[]): void;
}

/** The result of `reserve` if a bucket held too little. No charge was drawn. */
export interface Refusal {
	readonly granted: false;
	/** Name of the bucket. */
	readonly bucket: string;
	/** Time until the bucket holds the amount, in milliseconds. `undefined` if it never will. */
	readonly retryAfterMs: number | undefined;
	/** Reason other than the level of the bucket. For explanations. */
	readonly detail?: string;
}

/** Counts rates and budgets. */
export interface LimitStore {
	/**
	 * Draws all charges, or none of them. Must be atomic: concurrent calls, also of other hosts, must not draw the same amount twice. A store
	 * in the same process may return the result without a promise. If it rejects, the request fails as `internal`.
	 */
	reserve(charges: readonly Charge[]): Reservation | Refusal | Promise<Reservation | Refusal>;
	/**
	 * Returns the amount that a bucket holds now; `undefined` for a bucket that was never drawn from. For status displays alone. Absent for a
	 * store that does not tell.
	 */
	level?(bucket: string): number | undefined;
}
