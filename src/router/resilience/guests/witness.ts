/** The guest whose request had an outcome. */
export interface Witness {
	/** Id of the guest. */
	readonly guest: string;
	/** True if no other guest sends requests: the outcome counts for all guests then. */
	readonly alone: boolean;
}

/** The embedder's own requests, as the only ones. */
export const EMBEDDER: Witness = { guest: "", alone: true };
