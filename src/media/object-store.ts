import type { GuestIdentity } from "../identity/guest-identity.ts";
import type { MediaObject } from "./media-object.ts";
import type { MediaSettings } from "./media-settings.ts";

/** An object being read. The content stays in place until `close`. */
export interface OpenObject {
	/** Reads from `position` into `buffer`. Returns the part of the buffer that was filled, at least one byte. */
	fill(buffer: Uint8Array, position: number): Promise<Uint8Array>;
	close(): void;
}

/** Writes one object. Calls may overlap; they take effect in order. */
export interface StoreWriter {
	/**
	 * Resolves when the store has the bytes, which must not change until then.
	 *
	 * @throws SpearError `invalid_request` or `not_permitted` for bytes beyond a limit. The object stays as it was.
	 */
	write(bytes: Uint8Array): Promise<void>;
	/** Ends the object and adds it to the store. No write may follow, even if this fails. */
	finish(): Promise<MediaObject>;
	/** Releases the bytes in the background. An object that `finish` is adding is removed again. Has no effect after `finish` has resolved. */
	discard(): void;
}

/** Place of an object: `kept` until it expires or is removed, or only for a `request` of this host. */
export type ObjectLifetime = "kept" | "request";

/** The media of all guests, as guests and requests use them. Each object belongs to one guest, and no other guest can find it. */
export interface ObjectStore {
	readonly settings: MediaSettings;
	/** Returns the time of the store, in milliseconds since 1970. */
	now(): number;
	/**
	 * Starts an object.
	 *
	 * @param mimeType The default is detected from the first bytes.
	 * @throws SpearError `not_permitted` for a guest with too many objects; `cancelled` after `close`.
	 */
	write(guest: GuestIdentity, mimeType: string | undefined, lifetime: ObjectLifetime): StoreWriter;
	/**
	 * Returns the guest's object of that reference: at once if this host has the object.
	 *
	 * @param path Name of the reference, for errors.
	 * @throws SpearError `invalid_request` for a malformed reference; `not_permitted` for a reference to no object of the guest.
	 */
	find(guest: GuestIdentity, stored: string, path: string): MediaObject | Promise<MediaObject>;
	/** Keeps an object's content in place until the returned function is called, even if the object is removed or expires. */
	pin(object: MediaObject): () => void;
	/** Opens the content of an object. The caller has checked that the guest may read the object. */
	read(object: MediaObject): Promise<OpenObject>;
	/** Removes an object. No call finds it any more. Resolves when its content is removed, or at once while the object is pinned. */
	remove(object: MediaObject): Promise<void>;
	/** Resolves when no task is pending in the background. */
	settled(): Promise<void>;
	/** Removes the objects that do not outlive the host. Safe to call twice. */
	close(): Promise<void>;
}
