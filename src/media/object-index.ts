import type { MediaObject } from "./media-object.ts";

/** An object of the store, with the store's own data on it. */
export interface StoredObject {
	readonly object: MediaObject;
	/** True if a record of the object is on disk. */
	readonly recorded: boolean;
}

interface Entry extends StoredObject {
	/** Readers and requests that use the content. */
	pins: number;
}

/**
 * The objects of a store by id, in the order of their expiry. A removed object cannot be found any more, but pins keep its content: the
 * object is dropped once it is removed and no pin is left.
 */
export class ObjectIndex {
	readonly #drop: (stored: StoredObject) => Promise<void>;
	/** Objects that can be found. All have the same lifetime, so the order of insertion is that of expiry. */
	readonly #objects = new Map<string, Entry>();
	/** Objects that were removed and are still pinned. */
	readonly #removed = new Map<string, Entry>();

	/** @param drop Releases the content of an object. Called once for each removed object, after its last pin is released. */
	constructor(drop: (stored: StoredObject) => Promise<void>) {
		this.#drop = drop;
	}

	/** Adds an object that expires no earlier than those before it. */
	add(stored: StoredObject): void {
		this.#objects.set(stored.object.id, { ...stored, pins: 0 });
	}

	find(id: string): MediaObject | undefined {
		return this.#objects.get(id)?.object;
	}

	/** Returns the objects that were not removed, the next to expire first. */
	*[Symbol.iterator](): Generator<StoredObject, void, void> {
		yield* this.#objects.values();
	}

	/** Keeps the content of an object until the returned function is called. Returns `undefined` for an object whose content is dropped. */
	pin(id: string): (() => void) | undefined {
		const entry = this.#objects.get(id) ?? this.#removed.get(id);
		if (entry === undefined) return undefined;
		entry.pins += 1;
		let pinned = true;
		return () => {
			if (!pinned) return;
			pinned = false;
			entry.pins -= 1;
			if (entry.pins === 0 && this.#removed.delete(id)) void this.#drop(entry);
		};
	}

	/** Removes an object. Resolves when its content is dropped, or at once while the object is pinned. */
	async remove(id: string): Promise<void> {
		const entry = this.#objects.get(id);
		if (entry === undefined) return;
		this.#objects.delete(id);
		if (entry.pins > 0) this.#removed.set(id, entry);
		else await this.#drop(entry);
	}

	/** Forgets the objects without dropping their content. Pins of removed objects stay valid. */
	clear(): void {
		this.#objects.clear();
	}
}
