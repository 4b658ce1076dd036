/** Finds what was kept, added, removed and renamed between two lists of named items. */

export interface Matched<A, B> {
	readonly kept: readonly (readonly [before: A, after: B])[];
	readonly renamed: readonly (readonly [before: A, after: B])[];
	readonly removed: readonly A[];
	readonly added: readonly B[];
}

interface Named {
	readonly name: string;
}

/**
 * A removed and an added item are one item renamed if they have a signature in common that no other removed and no other added item has.
 * An item without a signature is never renamed.
 */
export function match<A extends Named, B extends Named>(
	before: Iterable<A>,
	after: Iterable<B>,
	signatureBefore: (item: A) => string | undefined,
	signatureAfter: (item: B) => string | undefined,
): Matched<A, B> {
	const old = [...before];
	const now = new Map([...after].map((item) => [item.name, item]));
	const oldNames = new Set(old.map(({ name }) => name));
	const gone = old.filter(({ name }) => !now.has(name));
	const fresh = [...now.values()].filter(({ name }) => !oldNames.has(name));
	const successors = new Map<A, B>();
	const candidates = bySignature(fresh, signatureAfter);
	for (const [signature, item] of bySignature(gone, signatureBefore)) {
		const successor = candidates.get(signature);
		if (item !== undefined && successor !== undefined) successors.set(item, successor);
	}
	const taken = new Set(successors.values());
	return {
		kept: old.flatMap((item) => {
			const successor = now.get(item.name);
			return successor === undefined ? [] : [[item, successor] as const];
		}),
		renamed: [...successors],
		removed: gone.filter((item) => !successors.has(item)),
		added: fresh.filter((item) => !taken.has(item)),
	};
}

/** The one item of each signature; undefined if there are several. */
function bySignature<T>(items: readonly T[], signatureOf: (item: T) => string | undefined): Map<string, T | undefined> {
	const found = new Map<string, T | undefined>();
	for (const item of items) {
		const signature = signatureOf(item);
		if (signature !== undefined) found.set(signature, found.has(signature) ? undefined : item);
	}
	return found;
}

/** Places of items in an ordered list. A kept item in its place, or an item instead of another, has the same place in both lists. */
export function placesOf(items: readonly Named[], others: readonly Named[]): Map<string, string> {
	const names = new Set(others.map(({ name }) => name));
	let kept = 0;
	let since = 0;
	return new Map(
		items.map(({ name }) => {
			if (!names.has(name)) return [name, `${kept}+${since++}`];
			since = 0;
			return [name, String(kept++)];
		}),
	);
}
