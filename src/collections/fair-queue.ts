/** Items that wait, by owner. Owners are served in turn, and the items of one owner in the order of their arrival. */
export class FairQueue<T> {
	/** The items of each owner, in the order of the owners' turns. No set is empty. */
	readonly #lines = new Map<string, Set<T>>();
	#size = 0;

	/** Number of items of all owners. */
	get size(): number {
		return this.#size;
	}

	add(owner: string, item: T): void {
		const line = this.#lines.get(owner);
		if (line === undefined) this.#lines.set(owner, new Set([item]));
		else line.add(item);
		this.#size += 1;
	}

	/** Removes an item. Returns false if it does not wait. */
	remove(owner: string, item: T): boolean {
		const line = this.#lines.get(owner);
		if (line?.delete(item) !== true) return false;
		this.#size -= 1;
		if (line.size === 0) this.#lines.delete(owner);
		return true;
	}

	/** Removes and returns the first item of the first owner that is eligible. The turn of that owner is the last then. */
	take(isEligible: (owner: string) => boolean): T | undefined {
		for (const [owner, line] of this.#lines) {
			if (!isEligible(owner)) continue;
			for (const item of line) {
				this.remove(owner, item);
				this.endTurn(owner);
				return item;
			}
		}
		return undefined;
	}

	/** Yields the first item of each owner, then the second of each, and so on, in the order of the owners' turns. */
	*inTurn(): Generator<[owner: string, item: T], void, void> {
		let lines: [string, Iterator<T>][] = [];
		for (const [owner, line] of this.#lines) {
			const items = line.values();
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
		this.#lines.delete(owner);
		this.#lines.set(owner, line);
	}

	/** Returns true if {@link evictFor} would make room. */
	canEvictFor(owner: string): boolean {
		return this.#longestOther(owner) !== undefined;
	}

	/**
	 * Removes and returns the newest item of the owner with the most items, to make room for an item of `owner`. Returns `undefined` if
	 * `owner` would have more items than that owner then.
	 */
	evictFor(owner: string): T | undefined {
		const longest = this.#longestOther(owner);
		if (longest === undefined) return undefined;
		const newest = [...longest.line].at(-1);
		if (newest !== undefined) this.remove(longest.owner, newest);
		return newest;
	}

	/** Returns the owner with the most items, if `owner` with one more item would not have more than that owner with one fewer. */
	#longestOther(owner: string): { readonly owner: string; readonly line: ReadonlySet<T> } | undefined {
		let longest: { readonly owner: string; readonly line: ReadonlySet<T> } | undefined;
		const ownSize = this.#lines.get(owner)?.size ?? 0;
		for (const [other, line] of this.#lines) {
			if (line.size > Math.max(ownSize + 1, longest?.line.size ?? 0)) longest = { owner: other, line };
		}
		return longest;
	}
}
