import type { StoreFailure } from "./store-error.ts";

/** State of the connection to the shared store. */
export interface ConnectionState {
	readonly reachable: boolean;
	/** Time of the last change, in milliseconds since 1970. */
	readonly sinceMs: number;
	/** Reason of the last failure, without user and password. Absent while the store is reachable. */
	readonly fault?: string;
}

/** A call of the store that has ended. */
export interface StoreCall {
	/** Name of the script or the command, e.g. `members.renew`. */
	readonly name: string;
	readonly durationMs: number;
	/** Absent for a success. */
	readonly failure?: StoreFailure;
}

/** The connection of a host to the shared store. */
export interface StoreConnection {
	readonly state: ConnectionState;
	/** Calls `listener` after each change of `state`. Returns the function that ends that. */
	onChange(listener: (state: ConnectionState) => void): () => void;
	/** Calls `listener` at the end of each call. Calls are measured while there is one. Returns the function that ends that. */
	onCall(listener: (call: StoreCall) => void): () => void;
}
