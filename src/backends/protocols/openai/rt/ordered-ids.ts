import { type Link, LinkedList } from "../../../../collections/linked-list.ts";

/** Bounds the ids of a set. Far above those of any honest upstream; otherwise one that names new ones for ever would take the memory. */
const MAX_IDS = 1_024;

/** A bounded set of ids that finds and removes any id, and the oldest one, in constant time. The first item of a `Set` costs more after removals. */
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

	/** Adds an id, as the newest one unless it is there. Removes the oldest one of too many. */
	add(id: string): void {
		if (this.#links.has(id)) return;
		this.#links.set(id, this.#list.append(id));
		if (this.size > MAX_IDS) this.deleteOldest();
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
