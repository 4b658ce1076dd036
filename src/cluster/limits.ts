import type { StoreError } from "./store-error.ts";

/** An exchange of one bucket: the amount that a host wants, and the amounts that it returns and owes. Amounts are from 0. */
export interface SliceRequest {
	/** Name of the bucket. */
	readonly bucket: string;
	/** Name that the buckets of one guest or key have in common. Buckets of one owner are exchanged in one step. */
	readonly owner: string;
	readonly capacity: number;
	/** Refill per millisecond. 0 for a budget that never refills. */
	readonly perMs: number;
	/** Time after the last exchange from which a budget may be deleted, in milliseconds. Absent for a bucket that refills. */
	readonly forgetAfterMs?: number | undefined;
	/** Amount that the host would like to hold in addition. */
	readonly want: number;
	/** Least amount that is of use. The answer grants at least that, or nothing. */
	readonly atLeast: number;
	/** True if requests wait for the amount, or were refused just now. The amount is then kept for this host for a moment. */
	readonly isWaiting: boolean;
	/** Amount of earlier slices that the host returns. */
	readonly unused: number;
	/** Amount that was used above the slices. Drawn even if the bucket holds less: the rest becomes a debt. */
	readonly owed: number;
	/** Amount that the requests of this host ask for, per second. */
	readonly demand: number;
	/** Amount that the host holds unspent, without the returned amount. */
	readonly held: number;
	/** Sums and window of the host's last exchange. Absent for the first one. */
	readonly told?: { readonly window: number; readonly demand: number; readonly held: number } | undefined;
}

/** The state of a bucket after an exchange. */
export interface SliceAnswer {
	/** Amount that the host may spend from now on. The bucket has counted it as spent. */
	readonly granted: number;
	/** Level of the bucket, from minus the debt to the capacity. */
	readonly level: number;
	/** Time until the bucket can grant `atLeast`, in milliseconds: 0 if it has. `undefined` if it never will by itself. */
	readonly waitMs: number | undefined;
	/** Part of all hosts' demand that is this host's, from 0 to 1. */
	readonly share: number;
	/** Hosts that used the bucket within the last two seconds, from 1. */
	readonly hosts: number;
	/** Amount that other hosts hold unspent. */
	readonly heldByOthers: number;
	/** True if another host was refused within the last two seconds. */
	readonly isStarved: boolean;
	/** Second of the store's time that the exchange belongs to. */
	readonly window: number;
}

/** The places that a host wants of one limit of concurrency. */
export interface PlacesRequest {
	readonly name: string;
	readonly owner: string;
	readonly limit: number;
	/** Places that the host wants to hold from now on. Fewer than it holds give places back. */
	readonly target: number;
	/** True if requests wait for places. Free places are then kept for this host for a moment, if no other host waits before it. */
	readonly isWaiting: boolean;
}

/** The places of one limit after an exchange. */
export interface PlacesAnswer {
	/** Places that the host holds until `PLACES_MS` after the exchange. */
	readonly held: number;
	/** Hosts that hold places or wait for them, from 1. */
	readonly hosts: number;
	/** True if another host waits for places. */
	readonly isContended: boolean;
}

/** Time for which a host holds places without a further exchange, in milliseconds. */
export const PLACES_MS = 10_000;

/** Length of a window in which the hosts of a bucket are counted, in milliseconds. */
export const WINDOW_MS = 1_000;

/** Longest time that a refused host's amount is kept for it, in milliseconds. Longer waits would keep too much from the others. */
export const MAX_CLAIM_MS = 5_000;

/**
 * Amount up to which nothing is kept for a refused host: no request is smaller than one, so that none overtakes it by its size. Otherwise a host that does not
 * come back would keep the only unit of a small limit from a hundred others.
 */
export const SMALLEST_CLAIM = 1;

/** Time added to a claim, in milliseconds: the host needs a moment to come back. */
export const CLAIM_MARGIN_MS = 500;

/** Time for which free places are kept for a host that waits, in milliseconds. */
export const PLACES_CLAIM_MS = 1_000;

/** Part of a capacity by which a grant may be below the least amount: sums of slices are rounded. */
export const ROUNDING = 1e-9;

/** Longest time that a debt of a rate lasts, in milliseconds: one day, as for limits of a host alone. */
export const MAX_DEBT_MS = 24 * 3_600_000;

/** Time after which an unused budget of no stated duration is deleted, in milliseconds. */
export const FORGET_MS = 400 * 24 * 3_600_000;

/**
 * Rates, budgets and places that several hosts share. Hosts draw slices and places, and use them without a call. A slice counts as spent from the moment
 * it is granted. So a slice of a host that dies is lost, and no limit is exceeded. Places of a host that dies are free again
 * `PLACES_MS` after its last exchange.
 *
 * A bucket whose capacity changes keeps what was spent. Otherwise two hosts with different configurations would each fill it for the other.
 */
export interface LimitsRoom {
	/**
	 * Exchanges slices, in the order of the requests. A bucket whose value cannot be used has a StoreError in place of an answer.
	 *
	 * @param host Name of this host.
	 * @throws StoreError if no bucket could be exchanged.
	 */
	exchange(host: string, requests: readonly SliceRequest[]): Promise<readonly (SliceAnswer | StoreError)[]>;
	/** Exchanges places, as `exchange` does slices. @throws StoreError */
	exchangePlaces(host: string, requests: readonly PlacesRequest[]): Promise<readonly (PlacesAnswer | StoreError)[]>;
	/** Calls `listener` with the name of a limit whose places a host wants, or has returned while another waits. Returns the function that ends that. */
	onPlaces(listener: (name: string) => void): () => void;
}
