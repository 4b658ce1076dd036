import { randomBytes } from "node:crypto";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";

/** Id of a stored object: 128 random bits in hexadecimal. It is a key in a table, never a part of a path that a guest could choose. */
const STORED = /^sms\+file:\/\/([0-9a-f]{32})$/;

export function newObjectId(): string {
	return randomBytes(16).toString("hex");
}

export function isObjectId(id: string): boolean {
	return /^[0-9a-f]{32}$/.test(id);
}

export function storedReference(id: string): types.MediaRef {
	return { type: "stored", stored: `sms+file://${id}` };
}

/** The id in a reference. What is not exactly of the form the store gives out is `invalid_request`; `path` names it. */
export function objectIdOf(stored: string, path: string): string {
	const id = STORED.exec(stored)?.[1];
	if (id === undefined)
		throw new SpearError("invalid_request", `${path}: it must be a reference as the media store gave it, sms+file://<id>`);
	return id;
}

/**
 * The one answer to a reference that is not the guest's: whether it never was, has expired, was removed or is another guest's
 * makes no difference, so that guessing tells nothing.
 */
export function unknownObject(path: string): SpearError {
	return new SpearError("not_permitted", `${path}: this guest has no such media object; it may have expired or been removed`);
}
