/** An item that the search can find. */
export interface Entry {
	readonly id: string;
	readonly name: string;
	readonly kind: string;
	/** Names of what the item is a part of: `cchat.session`. Empty for an interface or a world. */
	readonly place: string;
	/** First sentence of the comment. */
	readonly text: string;
}

export function entriesOf(index: {
	readonly kinds: readonly string[];
	readonly rows: readonly (readonly [id: string, kind: number, text: string])[];
}): Entry[];

export function search(entries: readonly Entry[], question: string): Entry[];
