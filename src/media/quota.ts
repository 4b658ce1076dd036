import { SpearError } from "../errors/spear-error.ts";

/** Most objects that one guest may have. */
const MAX_OBJECTS = 100_000;

/** Counts what each guest keeps, bytes being written included, and refuses what goes beyond. */
export class Quota {
	readonly #limit: number;
	readonly #maxObjects: number;
	readonly #used = new Map<string, number>();
	readonly #objects = new Map<string, number>();

	constructor(limit: number, maxObjects = MAX_OBJECTS) {
		this.#limit = limit;
		this.#maxObjects = maxObjects;
	}

	usedBy(guest: string): number {
		return this.#used.get(guest) ?? 0;
	}

	/** Counts bytes before they are written, so that writers side by side cannot go beyond together what each alone could not. */
	reserve(guest: string, bytes: number): void {
		const used = this.usedBy(guest);
		if (used + bytes > this.#limit) {
			throw new SpearError(
				"not_permitted",
				`the host keeps ${this.#limit} bytes of media for this guest (quota_bytes), of which ${used} are used: ${bytes} more do not fit; remove objects that are no longer needed`,
			);
		}
		this.count(guest, bytes);
	}

	/** Counts bytes that are there already. */
	count(guest: string, bytes: number): void {
		this.#used.set(guest, this.usedBy(guest) + bytes);
	}

	release(guest: string, bytes: number): void {
		subtract(this.#used, guest, bytes);
	}

	/** Refuses a guest that has too many objects to begin another: empty ones take no bytes, but each takes memory and a file. */
	checkObjects(guest: string): void {
		if ((this.#objects.get(guest) ?? 0) < this.#maxObjects) return;
		throw new SpearError(
			"not_permitted",
			`the host keeps ${this.#maxObjects} media objects for this guest; remove those that are no longer needed`,
		);
	}

	addObject(guest: string): void {
		this.#objects.set(guest, (this.#objects.get(guest) ?? 0) + 1);
	}

	removeObject(guest: string): void {
		subtract(this.#objects, guest, 1);
	}
}

function subtract(counts: Map<string, number>, key: string, amount: number): void {
	const left = (counts.get(key) ?? 0) - amount;
	if (left > 0) counts.set(key, left);
	else counts.delete(key);
}
