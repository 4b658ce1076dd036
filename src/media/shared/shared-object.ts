import type { FoundObject } from "../../cluster/objects.ts";
import type { MediaObject } from "../media-object.ts";

/** An object that every host can find. */
export class SharedObject implements MediaObject {
	readonly id: string;
	readonly guest: string;
	readonly sha256: string;
	readonly size: number;
	readonly mimeType: string;
	readonly expiresAt: number;

	/** @param now Time of this host, in milliseconds since 1970. The remaining lifetime is that of the store. */
	constructor(guest: string, id: string, { sha256, size, mimeType, remainingMs }: FoundObject, now: number) {
		this.guest = guest;
		this.id = id;
		this.sha256 = sha256;
		this.size = size;
		this.mimeType = mimeType;
		this.expiresAt = now + remainingMs;
	}
}
