import type { BackendMedia, MediaContent, StoredMedia } from "../../generated/backends/backend.ts";
import type * as media from "../../generated/ir/media.ts";
import type * as types from "../../generated/ir/types.ts";
import { abortError, SpearError } from "../errors/spear-error.ts";
import { isMediaType } from "../formats/media-type.ts";
import type { GuestIdentity } from "../identity/guest-identity.ts";
import type { Resolve } from "../transport/http/guarded-connector.ts";
import type { Network } from "../transport/network.ts";
import { contentOf, readAll } from "./content.ts";
import { type MediaObject, mediaInfo, storedMedia } from "./media-object.ts";
import { checkedMediaType } from "./media-type.ts";
import { ObjectReader } from "./object-reader.ts";
import type { ObjectLifetime, ObjectStore } from "./object-store.ts";
import { openUrl } from "./url-content.ts";
import { UrlPolicy } from "./url-policy.ts";

export interface GuestMediaOptions {
	/** Resolves host names of URLs. The default is the system's resolver. */
	readonly resolve?: Resolve;
	/** Proxies and certificate authorities. The default is direct connections. */
	readonly network?: Network;
}

/** Most readers and writers that one guest may have open. Bounds its file descriptors in the host, because each may hold one. */
const MAX_OPEN = 64;

/** Writes one object for the guest. */
export interface GuestMediaWriter {
	/** Resolves when the operating system has the bytes, which must not change until then. */
	write(bytes: Uint8Array): Promise<void>;
	/** Ends the object and makes it available. No write may follow. */
	finish(): Promise<media.MediaInfo>;
	/** Releases the writer. Removes the object, unless `finish` has resolved. */
	discard(): void;
}

/**
 * The media of one guest: its objects in the host's store, and the URLs that it may use. Calls and requests of the guest, and the
 * backends that serve them, access media only through this class. Hence none of them can reach another guest's objects.
 */
export class GuestMedia implements BackendMedia {
	/** @internal The store of the host. */
	readonly objects: ObjectStore;
	readonly #guest: GuestIdentity;
	readonly #policy: UrlPolicy;
	readonly #options: GuestMediaOptions;
	/** Readers and writers that are open. */
	#openHandles = 0;

	constructor(store: ObjectStore, guest: GuestIdentity, options: GuestMediaOptions = {}) {
		this.objects = store;
		this.#guest = guest;
		this.#policy = new UrlPolicy(store.settings);
		this.#options = options;
	}

	/** Admits a reference into a request, as `RequestMedia` does. Inline bytes become an object that stays until it expires. */
	async admit(reference: types.MediaRef, path: string): Promise<types.MediaRef> {
		switch (reference.type) {
			case "inline":
				return storedMedia(await this.putInline(reference.inline, path, "kept")).reference;
			case "stored":
				await this.find(reference, path);
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
				bytes: (max) => readAll(once(data), data.byteLength, max),
			};
		}
		return this.contentOf(await this.find(reference, "reference"));
	}

	async store(content: AsyncIterable<Uint8Array>, mimeType: string | undefined, signal: AbortSignal): Promise<StoredMedia> {
		// An upstream may send a malformed type. That is no fault of the guest's, so the type is detected instead.
		const known = mimeType !== undefined && isMediaType(mimeType) ? mimeType : undefined;
		const writer = this.objects.write(this.#guest, known, "kept");
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

	/** Stores bytes as one object. */
	async put(bytes: Uint8Array, mimeType: string | undefined): Promise<media.MediaInfo> {
		return this.#info(await this.#write(bytes, mimeType, { path: "mime-type", lifetime: "kept" }));
	}

	/**
	 * Returns the whole content of an object.
	 *
	 * @param reserve Called with the size of the object before its bytes are read. The error that it throws is that of the call.
	 * @throws SpearError `invalid_request` for an object larger than `max_call_bytes`.
	 */
	async get(reference: types.MediaRef, reserve: (bytes: number) => void = () => {}): Promise<Uint8Array> {
		const object = await this.find(reference, "reference");
		const { maxCallBytes } = this.objects.settings;
		if (object.size > maxCallBytes) {
			throw new SpearError(
				"invalid_request",
				`reference: the object has ${object.size} bytes, one call returns at most ${maxCallBytes} (max_call_bytes); use a reader`,
			);
		}
		reserve(object.size);
		return this.contentOf(object).bytes(maxCallBytes);
	}

	async stat(reference: types.MediaRef): Promise<media.MediaInfo> {
		return this.#info(await this.find(reference, "reference"));
	}

	async remove(reference: types.MediaRef): Promise<void> {
		await this.objects.remove(await this.find(reference, "reference"));
	}

	writer(mimeType: string | undefined): GuestMediaWriter {
		const writer = this.objects.write(this.#guest, checkedMediaType(mimeType, "mime-type"), "kept");
		const release = this.#countHandle();
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
		const object = await this.find(reference, "reference");
		const release = this.#countHandle();
		try {
			return new ObjectReader(object, await this.objects.read(object), release);
		} catch (thrown) {
			release();
			throw thrown;
		}
	}

	/** @internal Returns the guest's object of that reference. `path` names the reference in errors. */
	find(reference: types.MediaRef, path: string): MediaObject | Promise<MediaObject> {
		if (reference.type !== "stored") throw new SpearError("invalid_request", `${path}: must be a stored reference, not ${reference.type}`);
		return this.objects.find(this.#guest, reference.stored, path);
	}

	/** @internal Stores the inline bytes of a request. `path` names the reference in errors. */
	async putInline({ data, mime_type }: types.InlineMedia, path: string, lifetime: ObjectLifetime): Promise<MediaObject> {
		const { maxCallBytes } = this.objects.settings;
		if (data.byteLength > maxCallBytes) {
			throw new SpearError(
				"invalid_request",
				`${path}.inline.data: ${data.byteLength} bytes, a request carries at most ${maxCallBytes} inline (max_call_bytes); put them into the media store and pass the reference`,
			);
		}
		return this.#write(data, mime_type, { path: `${path}.inline.mime_type`, lifetime });
	}

	/** @internal Returns the content of an object. The caller has checked that the guest may read the object. */
	contentOf(object: MediaObject): MediaContent {
		return contentOf(this.objects, object);
	}

	#info(object: MediaObject): media.MediaInfo {
		return mediaInfo(object, this.objects.now());
	}

	/** Counts one reader or writer until the returned function is called. */
	#countHandle(): () => void {
		if (this.#openHandles >= MAX_OPEN) {
			throw new SpearError("not_permitted", `this guest has ${MAX_OPEN} media readers and writers open, the maximum; drop some`);
		}
		this.#openHandles += 1;
		let counted = true;
		return () => {
			if (counted) this.#openHandles -= 1;
			counted = false;
		};
	}

	async #write(
		bytes: Uint8Array,
		mimeType: string | undefined,
		{ path, lifetime }: { readonly path: string; readonly lifetime: ObjectLifetime },
	): Promise<MediaObject> {
		const writer = this.objects.write(this.#guest, checkedMediaType(mimeType, path), lifetime);
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
