/** The place of an object in a {@link LinkedList}. */
export interface ListPlace {
	/** Removes the object from its list. Further calls have no effect. */
	remove(): void;
}

/**
 * Objects in the order in which they were added. For objects that come and go with each request.
 *
 * A `Set` is no substitute. V8 replaces the table of a `Set` by another again and again, and each old table keeps the next one and the objects that it
 * held then. Once a table is in the old generation, all later ones and their objects follow it there, dead or not, up to the next collection of the
 * whole heap. A removed place of this list refers to nothing but its object.
 */
export class LinkedList<T extends object> {
	readonly #ends: Ends<T> = { first: undefined, last: undefined };

	get isEmpty(): boolean {
		return this.#ends.first === undefined;
	}

	/** Adds an object as the last one. Returns the place by which it is removed. */
	add(value: T): ListPlace {
		return new Place(value, this.#ends);
	}

	/** Removes and returns the first object. `undefined` if there is none. */
	takeFirst(): T | undefined {
		const first = this.#ends.first;
		first?.remove();
		return first?.value;
	}
}

/** First and last place of a list. */
interface Ends<T> {
	first: Place<T> | undefined;
	last: Place<T> | undefined;
}

class Place<T> implements ListPlace {
	readonly value: T;
	/** `undefined` once it is removed. */
	#ends: Ends<T> | undefined;
	#next: Place<T> | undefined;
	#previous: Place<T> | undefined;

	constructor(value: T, ends: Ends<T>) {
		this.value = value;
		this.#ends = ends;
		this.#previous = ends.last;
		if (this.#previous === undefined) ends.first = this;
		else this.#previous.#next = this;
		ends.last = this;
	}

	remove(): void {
		const ends = this.#ends;
		const next = this.#next;
		const previous = this.#previous;
		if (ends === undefined) return;
		if (previous === undefined) ends.first = next;
		else previous.#next = next;
		if (next === undefined) ends.last = previous;
		else next.#previous = previous;
		this.#ends = undefined;
		this.#next = undefined;
		this.#previous = undefined;
	}
}
