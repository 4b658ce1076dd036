/** The explanation of a diagnostic code, as `explain` shows it. */
export interface CodeEntry {
	/** A noun phrase or a short sentence without a final full stop. */
	readonly title: string;
	/** Reason that this is a fault. */
	readonly cause: string;
	/** Advice. */
	readonly help: string;
	/** WIT that has the fault. */
	readonly example?: string;
}
