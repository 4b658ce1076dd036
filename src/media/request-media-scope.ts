import type { MediaContent, StoredMedia } from "../../generated/backends/backend.ts";
import type * as types from "../../generated/ir/types.ts";
import { cancelledError } from "../errors/spear-error.ts";
import type { RequestMedia } from "../normalize/request-media.ts";
import type { GuestMedia } from "./guest-media.ts";
import type { MediaObject } from "./media-object.ts";
import type { ObjectStore } from "./object-store.ts";
import { recordingSeconds } from "./recording-length.ts";
import { objectIdOf, storedReference } from "./reference.ts";

/** Created once. Otherwise the stack of this error would be the largest cost of ending a request. */
const REQUEST_ENDED = cancelledError("the request has ended");

/**
 * The media of one request, from its validation to its end. Inline bytes are in the store for exactly this time. Objects that
 * the request refers to stay readable for this time, even if the guest removes them or they expire.
 */
export class RequestMediaScope implements RequestMedia {
	readonly #guest: GuestMedia;
	readonly #store: ObjectStore;
	#ended = false;
	/** Created when content is read or stored: most requests have none. */
	#abort: AbortController | undefined;
	/** Objects that were admitted, by id. Created for the first. */
	#admitted: Map<string, MediaObject> | undefined;
	/** Objects of inline bytes. */
	readonly #inline: MediaObject[] = [];
	/** Objects that a backend stored. */
	readonly #results: types.MediaRef[] = [];
	readonly #unpin: (() => void)[] = [];

	constructor(guest: GuestMedia) {
		this.#guest = guest;
		this.#store = guest.objects;
	}

	async admit(reference: types.MediaRef, path: string): Promise<types.MediaRef> {
		if (reference.type === "url") return this.#guest.admit(reference, path);
		if (reference.type === "stored") {
			const found = this.#guest.find(reference, path);
			this.#pin(found instanceof Promise ? await found : found);
			return reference;
		}
		const object = await this.#guest.putInline(reference.inline, path, "request");
		this.#inline.push(object);
		this.#pin(object);
		return storedReference(object.id);
	}

	async seconds(reference: types.MediaRef): Promise<number | undefined> {
		const object = this.#objectOf(reference);
		return object === undefined ? undefined : recordingSeconds(this.#store, object);
	}

	async open(reference: types.MediaRef, signal: AbortSignal): Promise<MediaContent> {
		const object = this.#objectOf(reference);
		return object === undefined ? this.#guest.open(reference, this.#until(signal)) : this.#guest.contentOf(object);
	}

	async store(content: AsyncIterable<Uint8Array>, mimeType: string | undefined, signal: AbortSignal): Promise<StoredMedia> {
		const stored = await this.#guest.store(content, mimeType, this.#until(signal));
		this.#results.push(stored.reference);
		return stored;
	}

	end(delivered: "results" | "nothing"): void {
		this.#ended = true;
		this.#abort?.abort(REQUEST_ENDED);
		for (const unpin of this.#unpin.splice(0)) unpin();
		for (const object of this.#inline.splice(0)) ignoreFailure(this.#store.remove(object));
		if (delivered === "results") return;
		for (const reference of this.#results.splice(0)) ignoreFailure(this.#guest.remove(reference));
	}

	/** Returns a signal that is aborted by `signal` and at the end of the request. */
	#until(signal: AbortSignal): AbortSignal {
		this.#abort ??= new AbortController();
		if (this.#ended) this.#abort.abort(REQUEST_ENDED);
		return AbortSignal.any([signal, this.#abort.signal]);
	}

	/** Returns the object that was admitted by this reference. */
	#objectOf(reference: types.MediaRef): MediaObject | undefined {
		return reference.type === "stored" ? this.#admitted?.get(objectIdOf(reference.stored, "reference")) : undefined;
	}

	#pin(object: MediaObject): void {
		this.#unpin.push(this.#store.pin(object));
		this.#admitted ??= new Map();
		this.#admitted.set(object.id, object);
		// Another part of the request may have been refused while this one was written.
		if (this.#ended) this.end("nothing");
	}
}

/** Ignores the failure of a removal: the object is removed when it expires or the host closes. */
function ignoreFailure(removal: Promise<void>): void {
	removal.catch(() => {});
}
