/** An entry of a {@link LinkedList}. */
export interface Link<T> {
	readonly value: T;
	previous: Link<T> | undefined;
	next: Link<T> | undefined;
}

/**
 * A list that adds entries at its end, and removes them anywhere, in constant time. `Array.shift` and `Array.splice` move all entries of a
 * large array, so a queue of an array costs quadratic time.
 */
export class LinkedList<T> {
	#first: Link<T> | undefined;
	#last: Link<T> | undefined;
	#length = 0;

	get first(): Link<T> | undefined {
		return this.#first;
	}

	get last(): Link<T> | undefined {
		return this.#last;
	}

	get length(): number {
		return this.#length;
	}

	/** Adds an entry at the end. */
	append(value: T): Link<T> {
		const link: Link<T> = { value, previous: this.#last, next: undefined };
		if (this.#last === undefined) this.#first = link;
		else this.#last.next = link;
		this.#last = link;
		this.#length += 1;
		return link;
	}

	/** Removes an entry, which must be in this list. */
	remove(link: Link<T>): void {
		if (link.previous === undefined) this.#first = link.next;
		else link.previous.next = link.next;
		if (link.next === undefined) this.#last = link.previous;
		else link.next.previous = link.previous;
		this.#length -= 1;
	}

	/** Removes and returns the first value. Returns `undefined` if the list is empty. */
	takeFirst(): T | undefined {
		const link = this.#first;
		if (link !== undefined) this.remove(link);
		return link?.value;
	}

	/** Removes every entry. */
	clear(): void {
		this.#first = undefined;
		this.#last = undefined;
		this.#length = 0;
	}
}
