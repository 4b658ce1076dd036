import type { Operation } from "../../../generated/ir/operations.ts";

/** The places of one limit of concurrency that this host may use, where several hosts share the limit. */
export interface Places {
	/** Number of requests that this host may have in flight now, from 0 to the limit. Never waits. */
	readonly allowed: number;
	/** Sentence on the policy that applies because the shared store cannot be used. `undefined` while the limit is exact. */
	readonly detail: string | undefined;
	/** Notes that a request lacks a place. More are asked for in the background. Cheap: called for every instance that a pick looks at. */
	want(): void;
	/** Asks for a place. Resolves after the answer. `undefined` if a question is futile now. Never rejects. */
	ask(): Promise<void> | undefined;
}

/** Places of limits that several hosts share. */
export interface PlaceStore {
	/**
	 * Returns the places of a limit. Each name has one object while it is in use.
	 *
	 * @param name Name of the limit. All hosts use the same.
	 * @param owner Name that the limits of one guest or backend have in common.
	 * @param used Returns the number of requests of this host in flight under the limit.
	 * @param onFree Called when this host has got more places.
	 */
	places(name: string, owner: string, limit: number, used: () => number, onFree?: () => void): Places;
}

/** Places of an instance that several hosts share: of all operations together, and of single operations. */
export interface SharedPlaces {
	/** `undefined` for no limit. */
	readonly all: Places | undefined;
	readonly byOperation: ReadonlyMap<Operation, Places>;
}
