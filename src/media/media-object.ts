import type { StoredMedia } from "../../generated/backends/backend.ts";
import type * as media from "../../generated/ir/media.ts";
import { storedReference } from "./reference.ts";

/** One stored object. Two of the same content are two objects, each with an id, an owner and an end of its own. */
export interface MediaObject {
	readonly id: string;
	readonly guest: string;
	readonly sha256: string;
	readonly size: number;
	readonly mimeType: string;
	/** Milliseconds since 1970. */
	readonly expiresAt: number;
}

export function storedMedia(object: MediaObject): StoredMedia {
	return { reference: storedReference(object.id), size: object.size, mimeType: object.mimeType, sha256: object.sha256 };
}

/** What a guest is told of an object at a certain time. */
export function mediaInfo(object: MediaObject, now: number): media.MediaInfo {
	return {
		reference: storedReference(object.id),
		size: object.size,
		mime_type: object.mimeType,
		sha256: object.sha256,
		expires_in: Math.min(Math.max(Math.ceil((object.expiresAt - now) / 1000), 0), 0xffff_ffff),
	};
}
