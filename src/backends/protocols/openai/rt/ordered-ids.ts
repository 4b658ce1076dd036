import { type Link, LinkedList } from "../../../../collections/linked-list.ts";

/** A set of ids that finds and removes any id, and the oldest one, in constant time. The first item of a `Set` costs more after removals. */
export class OrderedIds {
	readonly #list = new LinkedList<string>();
	readonly #links = new Map<string, Link<string>>();

	get size(): number {
		return this.#list.length;
	}

	get oldest(): string | undefined {
		return this.#list.first?.value;
	}

	has(id: string): boolean {
		return this.#links.has(id);
	}

	/** Adds an id, as the newest one unless it is there. */
	add(id: string): void {
		if (!this.#links.has(id)) this.#links.set(id, this.#list.append(id));
	}

	/** Removes an id. Returns true if it was there. */
	delete(id: string): boolean {
		const link = this.#links.get(id);
		if (link === undefined) return false;
		this.#list.remove(link);
		return this.#links.delete(id);
	}

	/** Removes the oldest id. Returns true if there was one. */
	deleteOldest(): boolean {
		const { oldest } = this;
		return oldest !== undefined && this.delete(oldest);
	}

	clear(): void {
		this.#list.clear();
		this.#links.clear();
	}
}
