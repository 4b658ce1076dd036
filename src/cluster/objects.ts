/**
 * Media objects of guests, for all hosts: records, quotas, expiry, and the contents that have to be deleted. The contents themselves are elsewhere. All keys of a guest are
 * in one slot. A guest finds no object of another guest, because each call names the guest whose keys it uses.
 *
 * States of an object: written (`reserve`), stored (`commit`), due for deletion (`remove`, expiry, or a writer whose host is gone), forgotten (`forget`).
 * Bytes count against the quota from `reserve` until the content may be deleted.
 */
export interface SharedObjects {
	/** Starts an object, or reserves more bytes for an object that is being written. Bytes of expired objects and of writers of dead hosts are released first. */
	reserve(guest: string, request: Reservation): Promise<ReserveResult>;

	/** Stores an object that was written. Returns its lifetime in milliseconds; `undefined` if its writer was taken for dead. */
	commit(guest: string, object: NewObject): Promise<number | undefined>;

	/** Returns a stored object, and keeps its content in place for `use`. `undefined` for an object that is not stored, or not the guest's. */
	find(guest: string, id: string, use: ContentUse): Promise<FoundObject | undefined>;

	/** Extends the life of objects being written, and of contents in use. */
	renew(guest: string, renewal: Renewal): Promise<void>;

	/** Ends the use of contents by a host. */
	release(guest: string, ids: readonly string[], host: string): Promise<void>;

	/**
	 * Removes an object, also one that is being written. No call finds the object any more.
	 *
	 * @param host Host whose use of the content ends by this call. Absent: the use of no host ends.
	 * @returns The content, which the caller deletes and forgets. `later`: a host uses the content. `unknown`: there is no such object.
	 */
	remove(guest: string, id: string, host: string | undefined): Promise<DueContent | "later" | "unknown">;

	/**
	 * Returns contents that have to be deleted: of expired and removed objects that no host uses, and of writers of dead hosts. The caller deletes each, and forgets it. Otherwise
	 * the content is returned again after `leaseMs`.
	 *
	 * @param limit Most guests, and most contents of each.
	 */
	takeDue(limit: number, leaseMs: number): Promise<readonly DueContent[]>;

	/** Forgets contents of a guest that were deleted. */
	forget(guest: string, contents: readonly DueContent[]): Promise<void>;

	/** Returns the bytes that count against the quota of a guest. */
	usedBy(guest: string): Promise<number>;
}

/** Bytes for an object that is being written. */
export interface Reservation {
	/** 32 hexadecimal digits. */
	readonly id: string;
	/** True for the first reservation of the object. */
	readonly isFirst: boolean;
	/** Bytes that the object has at least, in total. */
	readonly bytes: number;
	/** Bytes in total that are reserved if they fit. Otherwise `bytes` are. Not below `bytes`. */
	readonly wantedBytes: number;
	readonly quotaBytes: number;
	/** Most objects of the guest. */
	readonly maxObjects: number;
	/** Time without a renewal after which the writer counts as dead, in milliseconds. */
	readonly leaseMs: number;
}

/**
 * Result of a reservation. `bytes`: not even `bytes` fit beside the `used` ones. `objects`: the guest has too many. `lost`: the writer was taken for dead, and its content
 * may be deleted.
 */
export type ReserveResult =
	| { readonly granted: number }
	| { readonly refused: "bytes"; readonly used: number }
	| { readonly refused: "objects" | "lost" };

/** An object whose content was written completely. */
export interface NewObject {
	readonly id: string;
	/** Bytes. Not above the reserved ones. */
	readonly size: number;
	/** 64 hexadecimal digits. */
	readonly sha256: string;
	/** At most {@link MAX_MIME_TYPE_LENGTH} bytes. */
	readonly mimeType: string;
	readonly lifetimeMs: number;
}

/** Use of a content by a host. */
export interface ContentUse {
	readonly host: string;
	/** Time for which the content stays in place, in milliseconds. */
	readonly leaseMs: number;
}

export interface Renewal extends ContentUse {
	/** Objects being written. */
	readonly writing: readonly string[];
	/** Contents in use. */
	readonly used: readonly string[];
}

export interface FoundObject {
	readonly size: number;
	readonly sha256: string;
	readonly mimeType: string;
	/** Remaining lifetime, in milliseconds. At least 1. */
	readonly remainingMs: number;
}

/** A content that has to be deleted. */
export interface DueContent {
	readonly guest: string;
	readonly id: string;
	/** False for a content that was not written to its end. */
	readonly isComplete: boolean;
}

/** Longest media type of an object, in bytes. */
export const MAX_MIME_TYPE_LENGTH = 512;

/** Largest size of an object and of a quota that a store counts exactly, in bytes. */
export const MAX_COUNTED_BYTES = Number.MAX_SAFE_INTEGER;
