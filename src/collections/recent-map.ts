/** A map of bounded size. Deletes the entry that was set longest ago to make room for another one. */
export class RecentMap<K, V> {
	readonly #maxSize: number;
	/** In the order in which the entries were set. */
	readonly #entries = new Map<K, V>();

	/** @param maxSize Largest number of entries. */
	constructor(maxSize: number) {
		this.#maxSize = maxSize;
	}

	get size(): number {
		return this.#entries.size;
	}

	get(key: K): V | undefined {
		return this.#entries.get(key);
	}

	/** Sets an entry, as the newest one. */
	set(key: K, value: V): void {
		// Deleted first, so that the order of the map is the order of use.
		this.#entries.delete(key);
		this.#entries.set(key, value);
		if (this.#entries.size <= this.#maxSize) return;
		for (const oldest of this.#entries.keys()) {
			this.#entries.delete(oldest);
			return;
		}
	}

	/** Replaces the value of an entry, which keeps its age. Has no effect without an entry. */
	update(key: K, change: (value: V) => V): void {
		const value = this.#entries.get(key);
		if (value !== undefined) this.#entries.set(key, change(value));
	}

	delete(key: K): void {
		this.#entries.delete(key);
	}

	values(): IterableIterator<V> {
		return this.#entries.values();
	}

	[Symbol.iterator](): IterableIterator<[K, V]> {
		return this.#entries[Symbol.iterator]();
	}
}
