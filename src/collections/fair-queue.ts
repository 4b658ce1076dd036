/** The items of one owner. */
interface Line<T> {
	readonly items: Set<T>;
	/** Number of items in one turn of the owner. */
	weight: number;
	/** Items that were served in the current turn. */
	served: number;
}

/**
 * Items that wait, by owner. Owners are served in turn, and the items of one owner in the order of their arrival. A turn serves as many
 * items as the weight of the owner.
 */
export class FairQueue<T> {
	/** The items of each owner, in the order of the owners' turns. No line is empty. */
	readonly #lines = new Map<string, Line<T>>();
	#size = 0;

	/** Number of items of all owners. */
	get size(): number {
		return this.#size;
	}

	/** @param weight Items of the owner that one turn serves. A whole number of at least 1; the newest applies. The default is 1. */
	add(owner: string, item: T, weight = 1): void {
		const line = this.#lines.get(owner);
		if (line === undefined) this.#lines.set(owner, { items: new Set([item]), weight, served: 0 });
		else {
			line.items.add(item);
			line.weight = weight;
		}
		this.#size += 1;
	}

	/** Removes an item. Returns false if it does not wait. */
	remove(owner: string, item: T): boolean {
		const line = this.#lines.get(owner);
		if (line?.items.delete(item) !== true) return false;
		this.#size -= 1;
		if (line.items.size === 0) this.#lines.delete(owner);
		return true;
	}

	/**
	 * Removes and returns the first item of the first owner that is eligible. If the owner has been served as often as its weight, its turn
	 * is the last then.
	 */
	take(isEligible: (owner: string, item: T) => boolean): T | undefined {
		for (const [owner, line] of this.#lines) {
			for (const item of line.items) {
				if (!isEligible(owner, item)) break;
				this.remove(owner, item);
				line.served += 1;
				if (line.served >= line.weight) this.endTurn(owner);
				return item;
			}
		}
		return undefined;
	}

	/** Yields the first item of each owner, then the second of each, and so on, in the order of the owners' turns. */
	*inTurn(): Generator<[owner: string, item: T], void, void> {
		let lines: [string, Iterator<T>][] = [];
		for (const [owner, line] of this.#lines) {
			const items = line.items.values();
			const first = items.next();
			if (first.done === true) continue;
			lines.push([owner, items]);
			yield [owner, first.value];
		}
		while (lines.length > 0) {
			const longer: typeof lines = [];
			for (const [owner, items] of lines) {
				const next = items.next();
				if (next.done === true) continue;
				longer.push([owner, items]);
				yield [owner, next.value];
			}
			lines = longer;
		}
	}

	/** Makes the turn of an owner the last. */
	endTurn(owner: string): void {
		const line = this.#lines.get(owner);
		if (line === undefined) return;
		line.served = 0;
		this.#lines.delete(owner);
		this.#lines.set(owner, line);
	}

	/** Returns true if {@link evictFor} would make room. */
	canEvictFor(owner: string): boolean {
		return this.#longestOther(owner, 1) !== undefined;
	}

	/**
	 * Removes and returns the newest item of the owner with the most items for its weight, to make room for an item of `owner`. Returns
	 * `undefined` if `owner` would have more items than that owner then, each by its weight.
	 *
	 * @param weight Weight of `owner`. The default is 1.
	 */
	evictFor(owner: string, weight = 1): T | undefined {
		const longest = this.#longestOther(owner, weight);
		if (longest === undefined) return undefined;
		const newest = [...longest.items].at(-1);
		if (newest !== undefined) this.remove(longest.owner, newest);
		return newest;
	}

	/**
	 * Returns the owner with the most items for its weight, if `owner` with one more item would not have more for its weight than that owner
	 * with one fewer.
	 */
	#longestOther(owner: string, weight: number): { readonly owner: string; readonly items: ReadonlySet<T> } | undefined {
		let longest: { readonly owner: string; readonly items: ReadonlySet<T> } | undefined;
		let most = ((this.#lines.get(owner)?.items.size ?? 0) + 1) / weight;
		for (const [other, { items, weight: otherWeight }] of this.#lines) {
			if (items.size / otherWeight <= most) continue;
			most = items.size / otherWeight;
			longest = { owner: other, items };
		}
		return longest;
	}
}
