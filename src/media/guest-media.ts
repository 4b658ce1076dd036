import type { BackendMedia, MediaContent, StoredMedia } from "../../generated/backends/backend.ts";
import type * as media from "../../generated/ir/media.ts";
import type * as types from "../../generated/ir/types.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";
import { isMediaType } from "../formats/media-type.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import type { Resolve } from "../transport/http/guarded-connector.ts";
import { contentOf, gather } from "./content.ts";
import { type MediaObject, mediaInfo, storedMedia } from "./media-object.ts";
import { checkedMediaType } from "./media-type.ts";
import { ObjectReader } from "./object-reader.ts";
import type { MediaStore } from "./store.ts";
import { openUrl } from "./url-content.ts";
import { UrlPolicy } from "./url-policy.ts";

export interface GuestMediaOptions {
	/** Finds the addresses of hosts that URLs name; by the system's resolver when absent. */
	readonly resolve?: Resolve;
}

/** Most readers and writers that a guest's own calls may have open at a time. */
const MAX_OPEN = 64;

/** An object that the guest is writing. */
export interface GuestMediaWriter {
	/** Resolves when the bytes are with the operating system. */
	write(bytes: Uint8Array): Promise<void>;
	/** Ends the object and makes it available. */
	finish(): Promise<media.MediaInfo>;
	/** Lets go of it; gives the object up, unless it is finished. */
	discard(): void;
}

/**
 * The media of one guest: its objects in the host's store, and the URLs it may refer to. What its own calls, its requests and the
 * backends that serve these get to see of media goes through here, so none of them can reach another guest's.
 */
export class GuestMedia implements BackendMedia {
	/** @internal The host's store. */
	readonly objects: MediaStore;
	readonly #guest: GuestIdentity;
	readonly #policy: UrlPolicy;
	readonly #options: GuestMediaOptions;
	#open = 0;

	constructor(store: MediaStore, guest: GuestIdentity, options: GuestMediaOptions = {}) {
		this.objects = store;
		this.#guest = guest;
		this.#policy = new UrlPolicy(store.settings);
		this.#options = options;
	}

	/** Lets a reference into a request; see `RequestMedia`. */
	async admit(reference: types.MediaRef, path: string): Promise<types.MediaRef> {
		switch (reference.type) {
			case "inline":
				return storedMedia(await this.putInline(reference.inline, path)).reference;
			case "stored":
				this.find(reference, path);
				return reference;
			case "url":
				return { type: "url", url: this.#policy.admit(reference.url, path).href };
		}
	}

	async open(reference: types.MediaRef, signal: AbortSignal): Promise<MediaContent> {
		if (reference.type === "url") {
			const { maxBytes } = this.objects.settings;
			return openUrl(reference.url, "reference", { policy: this.#policy, maxBytes, ...this.#options }, signal);
		}
		if (reference.type === "inline") {
			const { data, mime_type } = reference.inline;
			return {
				mimeType: mime_type,
				size: data.byteLength,
				stream: () => once(data),
				bytes: (max) => gather(once(data), data.byteLength, max),
			};
		}
		return this.contentOf(this.find(reference, "reference"));
	}

	async store(content: AsyncIterable<Uint8Array>, mimeType: string | undefined, signal: AbortSignal): Promise<StoredMedia> {
		// What an upstream says may be nonsense, of which the guest is not at fault.
		const known = mimeType !== undefined && isMediaType(mimeType) ? mimeType : undefined;
		const writer = this.objects.write(this.#guest, known);
		try {
			for await (const bytes of content) {
				if (signal.aborted) throw abortError(signal);
				await writer.write(bytes);
			}
			if (signal.aborted) throw abortError(signal);
			return storedMedia(await writer.finish());
		} finally {
			writer.discard();
		}
	}

	/** Stores bytes in one go. */
	async put(bytes: Uint8Array, mimeType: string | undefined): Promise<media.MediaInfo> {
		return this.#info(await this.#write(bytes, mimeType, "mime-type"));
	}

	/** All of an object, if it is no larger than one call may give. */
	async get(reference: types.MediaRef): Promise<Uint8Array> {
		const object = this.find(reference, "reference");
		const { maxCallBytes } = this.objects.settings;
		if (object.size > maxCallBytes) {
			throw new SpearError(
				"invalid_request",
				`reference: the object has ${object.size} bytes, one call gives at most ${maxCallBytes} (max_call_bytes); use a reader`,
			);
		}
		return this.contentOf(object).bytes(maxCallBytes);
	}

	async stat(reference: types.MediaRef): Promise<media.MediaInfo> {
		return this.#info(this.find(reference, "reference"));
	}

	async remove(reference: types.MediaRef): Promise<void> {
		await this.objects.remove(this.find(reference, "reference"));
	}

	writer(mimeType: string | undefined): GuestMediaWriter {
		const writer = this.objects.write(this.#guest, checkedMediaType(mimeType, "mime-type"));
		const release = this.#holdOpen();
		return {
			write: (bytes) => writer.write(bytes),
			finish: async () => this.#info(await writer.finish()),
			discard: () => {
				writer.discard();
				release();
			},
		};
	}

	async reader(reference: types.MediaRef): Promise<ObjectReader> {
		const object = this.find(reference, "reference");
		const release = this.#holdOpen();
		try {
			return new ObjectReader(object, await this.objects.read(object), release);
		} catch (thrown) {
			release();
			throw thrown;
		}
	}

	/** @internal The guest's own object. */
	find(reference: types.MediaRef, path: string): MediaObject {
		if (reference.type !== "stored")
			throw new SpearError("invalid_request", `${path}: it must be a stored reference, not ${reference.type}`);
		return this.objects.find(this.#guest, reference.stored, path);
	}

	/** @internal Stores what a request carries. */
	async putInline({ data, mime_type }: types.InlineMedia, path: string): Promise<MediaObject> {
		const { maxCallBytes } = this.objects.settings;
		if (data.byteLength > maxCallBytes) {
			throw new SpearError(
				"invalid_request",
				`${path}.inline.data: ${data.byteLength} bytes, a request carries at most ${maxCallBytes} inline (max_call_bytes); put them into the media store and refer to them`,
			);
		}
		return this.#write(data, mime_type, `${path}.inline.mime_type`);
	}

	/** @internal The content of an object, whoever was allowed to open it. */
	contentOf(object: MediaObject): MediaContent {
		return contentOf(this.objects, object);
	}

	/** What the guest is told of an object now. */
	#info(object: MediaObject): media.MediaInfo {
		return mediaInfo(object, this.objects.now());
	}

	/** Counts a reader or a writer until the function it gives is called: each may hold a file of the host open. */
	#holdOpen(): () => void {
		if (this.#open >= MAX_OPEN) {
			throw new SpearError("not_permitted", `this guest has ${MAX_OPEN} readers and writers of media open, which is the most; drop some`);
		}
		this.#open += 1;
		let held = true;
		return () => {
			if (held) this.#open -= 1;
			held = false;
		};
	}

	async #write(bytes: Uint8Array, mimeType: string | undefined, path: string): Promise<MediaObject> {
		const writer = this.objects.write(this.#guest, checkedMediaType(mimeType, path));
		try {
			await writer.write(bytes);
			return await writer.finish();
		} finally {
			writer.discard();
		}
	}
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
	if (bytes.byteLength > 0) yield bytes;
}
