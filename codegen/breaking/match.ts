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
 * A removed and an added item of equal signature are one item renamed. If several have that signature, their order decides, and there
 * must be equally many on both sides.
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
	const successors = pairUp(grouped(gone, signatureBefore), grouped(fresh, signatureAfter));
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

function pairUp<A, B>(gone: ReadonlyMap<string, readonly A[]>, fresh: ReadonlyMap<string, readonly B[]>): Map<A, B> {
	const successors = new Map<A, B>();
	for (const [signature, items] of gone) {
		const candidates = fresh.get(signature) ?? [];
		if (candidates.length !== items.length) continue;
		items.forEach((item, index) => {
			const successor = candidates[index];
			if (successor !== undefined) successors.set(item, successor);
		});
	}
	return successors;
}

/** Items without a signature are left out. */
function grouped<T>(items: readonly T[], signatureOf: (item: T) => string | undefined): Map<string, T[]> {
	const groups = new Map<string, T[]>();
	for (const item of items) {
		const signature = signatureOf(item);
		if (signature === undefined) continue;
		const group = groups.get(signature) ?? [];
		groups.set(signature, group);
		group.push(item);
	}
	return groups;
}
