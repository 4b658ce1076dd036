import { randomBytes } from "node:crypto";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";

/** A reference to a stored object. The id is looked up in a table, and never becomes part of a path. */
const STORED = /^sms\+file:\/\/([0-9a-f]{32})$/;

/** Returns 128 random bits in hexadecimal. */
export function newObjectId(): string {
	return randomBytes(16).toString("hex");
}

export function isObjectId(id: string): boolean {
	return /^[0-9a-f]{32}$/.test(id);
}

export function storedReference(id: string): types.MediaRef {
	return { type: "stored", stored: `sms+file://${id}` };
}

/**
 * Returns the id in a reference.
 *
 * @param path Name of the reference, for the error.
 * @throws SpearError `invalid_request` for text that is not exactly of the form that the store returns.
 */
export function objectIdOf(stored: string, path: string): string {
	const id = STORED.exec(stored)?.[1];
	if (id === undefined)
		throw new SpearError("invalid_request", `${path}: must be a reference that the media store returned, sms+file://<id>`);
	return id;
}

/**
 * Returns the error for a reference to no object of the guest. The error is the same for an object that never existed, has expired, was
 * removed or belongs to another guest. Otherwise guesses would reveal which objects exist.
 */
export function unknownObject(path: string): SpearError {
	return new SpearError("not_permitted", `${path}: this guest has no such media object; it may have expired or been removed`);
}
