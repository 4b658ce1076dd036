/** What a request draws from one bucket. */
export interface Charge {
	/** Names the bucket, for everyone who shares the store. */
	readonly bucket: string;
	/** How much; an estimate where `settle` will know better. More than the capacity counts as the capacity. */
	readonly amount: number;
	readonly capacity: number;
	/** How much comes in each millisecond; 0 for a budget that is given once. */
	readonly perMs: number;
	/** How long after the last draw the bucket is of no more use, in milliseconds; absent where it fills up, and is as new then. */
	readonly forgetAfterMs?: number;
}

/** Every charge was drawn. */
export interface Reservation {
	readonly granted: true;
	/**
	 * Says, once, what each charge came to, in their order; `undefined` leaves it at the estimate. Nothing more may be drawn then:
	 * further calls do nothing.
	 */
	settle(actual: readonly (number | undefined)[]): void;
}

/** Nothing was drawn, because this bucket does not hold enough. */
export interface Refusal {
	readonly granted: false;
	readonly bucket: string;
	/** Milliseconds until it may; `undefined` when it never will. */
	readonly retryAfterMs: number | undefined;
}

/**
 * Where rates and budgets are counted. `reserve` is atomic: all charges or none, whoever else reserves at the same time. A store
 * that several hosts share answers with a promise; the one in this process at once.
 */
export interface LimitStore {
	reserve(charges: readonly Charge[]): Reservation | Refusal | Promise<Reservation | Refusal>;
}
