import type { BackendMedia, MediaContent, StoredMedia } from "../../generated/backends/backend.ts";
import type * as types from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";

/** The media of one guest: until there is a store, only what a request carries inline. */
export class GuestMedia implements BackendMedia {
	async admit(reference: types.MediaRef, path: string): Promise<types.MediaRef> {
		if (reference.type === "inline") return reference;
		throw new SpearError("not_permitted", `${path}: only inline media can be used`);
	}

	async open(): Promise<MediaContent> {
		throw new SpearError("not_permitted", "this host keeps no media");
	}

	async store(): Promise<StoredMedia> {
		throw new SpearError("not_permitted", "this host keeps no media");
	}
}
