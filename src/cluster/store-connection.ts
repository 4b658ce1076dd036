/** State of the connection to the shared store. */
export interface ConnectionState {
	readonly reachable: boolean;
	/** Time of the last change, in milliseconds since 1970. */
	readonly sinceMs: number;
	/** Reason of the last failure, without user and password. Absent while the store is reachable. */
	readonly fault?: string;
}

/** The connection of a host to the shared store. */
export interface StoreConnection {
	readonly state: ConnectionState;
	/** Calls `listener` after each change of `state`. Returns the function that ends that. */
	onChange(listener: (state: ConnectionState) => void): () => void;
}
