import type { StoredMedia } from "../../generated/backends/backend.ts";
import type * as media from "../../generated/ir/media.ts";
import { storedReference } from "./reference.ts";

/** Whose media they are. */
export interface Guest {
	readonly id: string;
	/** Whether it is the same guest after the host was started anew: it was named by the embedder. */
	readonly lasting: boolean;
}

/** One stored piece. Two of the same content are two pieces, each with an id, an owner and an end of its own. */
export interface MediaObject {
	readonly id: string;
	readonly guest: string;
	readonly sha256: string;
	readonly size: number;
	readonly mimeType: string;
	/** Milliseconds since 1970. */
	readonly expiresAt: number;
}

export function storedMedia(piece: MediaObject): StoredMedia {
	return { reference: storedReference(piece.id), size: piece.size, mimeType: piece.mimeType, sha256: piece.sha256 };
}

/** What a guest is told of a piece at a certain time. */
export function mediaInfo(piece: MediaObject, now: number): media.MediaInfo {
	return {
		reference: storedReference(piece.id),
		size: piece.size,
		mime_type: piece.mimeType,
		sha256: piece.sha256,
		expires_in: Math.min(Math.max(Math.ceil((piece.expiresAt - now) / 1000), 0), 0xffff_ffff),
	};
}
