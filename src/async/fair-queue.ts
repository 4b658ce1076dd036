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
				if (line.size > 0) {
					this.#lines.delete(owner);
					this.#lines.set(owner, line);
				}
				return item;
			}
		}
		return undefined;
	}

	/**
	 * Removes and returns the newest item of the owner with the most items, to make room for an item of `owner`. Returns `undefined` if
	 * `owner` would have more items than that owner then.
	 */
	evictFor(owner: string): T | undefined {
		let longest: readonly [owner: string, line: Set<T>] | undefined;
		for (const entry of this.#lines) if (longest === undefined || entry[1].size > longest[1].size) longest = entry;
		if (longest === undefined || longest[1].size - 1 < (this.#lines.get(owner)?.size ?? 0) + 1) return undefined;
		const newest = [...longest[1]].at(-1);
		if (newest !== undefined) this.remove(longest[0], newest);
		return newest;
	}
}
