import { SpearError } from "../errors/spear-error.ts";

/** Most objects that one guest may have. Empty objects use no bytes of the quota, but each uses memory and a file. */
export const MAX_OBJECTS = 100_000;

/** Counts the bytes and objects of each guest, including bytes being written, and refuses those beyond the limits. */
export class Quota {
	readonly #maxBytes: number;
	readonly #maxObjects: number;
	readonly #used = new Map<string, number>();
	readonly #objects = new Map<string, number>();

	constructor(maxBytes: number, maxObjects = MAX_OBJECTS) {
		this.#maxBytes = maxBytes;
		this.#maxObjects = maxObjects;
	}

	/** Returns the bytes that count against a guest. */
	usedBy(guest: string): number {
		return this.#used.get(guest) ?? 0;
	}

	/**
	 * Counts bytes before they are written. Otherwise concurrent writers could exceed the quota together.
	 *
	 * @throws SpearError `not_permitted` for bytes beyond the quota.
	 */
	reserve(guest: string, bytes: number): void {
		const used = this.usedBy(guest);
		if (used + bytes > this.#maxBytes) {
			throw quotaExceeded(this.#maxBytes, used, bytes);
		}
		this.count(guest, bytes);
	}

	/** Counts bytes that are stored already, without a check. */
	count(guest: string, bytes: number): void {
		this.#used.set(guest, this.usedBy(guest) + bytes);
	}

	release(guest: string, bytes: number): void {
		subtract(this.#used, guest, bytes);
	}

	/**
	 * Checks that a guest may create another object.
	 *
	 * @throws SpearError `not_permitted` for a guest that has too many.
	 */
	checkObjects(guest: string): void {
		if ((this.#objects.get(guest) ?? 0) < this.#maxObjects) return;
		throw tooManyObjects(this.#maxObjects);
	}

	addObject(guest: string): void {
		this.#objects.set(guest, (this.#objects.get(guest) ?? 0) + 1);
	}

	removeObject(guest: string): void {
		subtract(this.#objects, guest, 1);
	}
}

/** The error for bytes that do not fit. */
export function quotaExceeded(quota: number, used: number, bytes: number): SpearError {
	return new SpearError(
		"not_permitted",
		`the media quota of this guest is ${quota} bytes (quota_bytes), of which ${used} are used: ${bytes} more do not fit; remove objects that are no longer needed`,
	);
}

/** The error for a guest that has as many objects as it may. */
export function tooManyObjects(max: number): SpearError {
	return new SpearError("not_permitted", `this guest has ${max} media objects, the maximum; remove those that are no longer needed`);
}

function subtract(counts: Map<string, number>, key: string, amount: number): void {
	const remaining = (counts.get(key) ?? 0) - amount;
	if (remaining > 0) counts.set(key, remaining);
	else counts.delete(key);
}
