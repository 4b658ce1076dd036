import type { MediaContent, StoredMedia } from "../../generated/backends/backend.ts";
import type * as types from "../../generated/ir/types.ts";
import { cancelledError } from "../errors/spear-error.ts";
import type { RequestMedia } from "../normalize/request-media.ts";
import type { GuestMedia } from "./guest-media.ts";
import type { MediaObject } from "./media-object.ts";
import { recordingSeconds } from "./recording-length.ts";
import { objectIdOf, storedReference } from "./reference.ts";
import type { MediaStore } from "./store.ts";

/** Made once: an error with a stack for each request would cost more than the rest of its end. */
const OVER = cancelledError("the request is over");

/**
 * The media of one request, from its check to its end. What it carried inline is in the store for so long and not longer; what it
 * refers to stays readable for so long even if the guest removes it or it expires.
 */
export class RequestMediaScope implements RequestMedia {
	readonly #guest: GuestMedia;
	readonly #store: MediaStore;
	readonly #abort = new AbortController();
	/** What was let in, by id. */
	readonly #admitted = new Map<string, MediaObject>();
	/** What was carried inline, and what the backend stored. */
	readonly #inline: MediaObject[] = [];
	readonly #results: types.MediaRef[] = [];
	readonly #unpin: (() => void)[] = [];

	constructor(guest: GuestMedia) {
		this.#guest = guest;
		this.#store = guest.objects;
	}

	async admit(reference: types.MediaRef, path: string): Promise<types.MediaRef> {
		if (reference.type === "url") return this.#guest.admit(reference, path);
		if (reference.type === "stored") {
			this.#hold(this.#guest.find(reference, path));
			return reference;
		}
		const object = await this.#guest.putInline(reference.inline, path);
		this.#inline.push(object);
		this.#hold(object);
		return storedReference(object.id);
	}

	async seconds(reference: types.MediaRef): Promise<number | undefined> {
		const object = this.#objectOf(reference);
		return object === undefined ? undefined : recordingSeconds(this.#store, object);
	}

	async open(reference: types.MediaRef, signal: AbortSignal): Promise<MediaContent> {
		const object = this.#objectOf(reference);
		return object === undefined
			? this.#guest.open(reference, AbortSignal.any([signal, this.#abort.signal]))
			: this.#guest.contentOf(object);
	}

	async store(content: AsyncIterable<Uint8Array>, mimeType: string | undefined, signal: AbortSignal): Promise<StoredMedia> {
		const stored = await this.#guest.store(content, mimeType, AbortSignal.any([signal, this.#abort.signal]));
		this.#results.push(stored.reference);
		return stored;
	}

	/** The request is over. `nothing` says that the guest was given none of what the backend stored for it, so that this goes too. */
	end(given: "results" | "nothing"): void {
		this.#abort.abort(OVER);
		for (const unpin of this.#unpin.splice(0)) unpin();
		for (const object of this.#inline.splice(0)) this.#forget(this.#store.remove(object));
		if (given === "results") return;
		for (const reference of this.#results.splice(0)) this.#forget(this.#guest.remove(reference));
	}

	/** The object that was let in by this reference. */
	#objectOf(reference: types.MediaRef): MediaObject | undefined {
		return reference.type === "stored" ? this.#admitted.get(objectIdOf(reference.stored, "reference")) : undefined;
	}

	#hold(object: MediaObject): void {
		this.#unpin.push(this.#store.pin(object));
		this.#admitted.set(object.id, object);
		// Other parts of the request may have been refused while this one was written.
		if (this.#abort.signal.aborted) this.end("nothing");
	}

	/** What cannot be removed now goes when it expires or the host closes. */
	#forget(removal: Promise<void>): void {
		removal.catch(() => {});
	}
}
