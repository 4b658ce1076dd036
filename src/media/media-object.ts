import type { StoredMedia } from "../../generated/backends/backend.ts";
import type * as media from "../../generated/ir/media.ts";
import { storedReference } from "./reference.ts";

/** A stored object. Objects of equal content are distinct: each has its own id, guest and expiry. */
export interface MediaObject {
	/** 32 hexadecimal digits. */
	readonly id: string;
	/** Id of the guest that owns the object. */
	readonly guest: string;
	/** SHA-256 of the content, in hexadecimal. */
	readonly sha256: string;
	/** Bytes. */
	readonly size: number;
	readonly mimeType: string;
	/** Milliseconds since 1970. */
	readonly expiresAt: number;
}

/** Returns an object in the form that a backend receives. */
export function storedMedia(object: MediaObject): StoredMedia {
	return { reference: storedReference(object.id), size: object.size, mimeType: object.mimeType, sha256: object.sha256 };
}

/** Returns an object in the form of the ABI. `now` is in milliseconds since 1970. */
export function mediaInfo(object: MediaObject, now: number): media.MediaInfo {
	return {
		reference: storedReference(object.id),
		size: object.size,
		mime_type: object.mimeType,
		sha256: object.sha256,
		// A `u32` in the ABI.
		expires_in: Math.min(Math.max(Math.ceil((object.expiresAt - now) / 1000), 0), 0xffff_ffff),
	};
}
