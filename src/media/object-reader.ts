import { SpearError } from "../errors/spear-error.ts";
import type { MediaObject } from "./media-object.ts";
import type { OpenObject } from "./object-store.ts";

/** Most bytes of one read. Bounds the memory that a guest can make the host allocate with one call. */
const CHUNK_BYTES = 1024 * 1024;

/**
 * Reads an object from its start, for the guest. The content stays readable to its end, even if the object is removed or expires
 * meanwhile. Dispose the reader to release the content.
 */
export class ObjectReader implements Disposable {
	readonly #object: MediaObject;
	readonly #onClose: () => void;
	#open: OpenObject | undefined;
	/** Reused by every read. Otherwise buffers would accumulate until the garbage collector runs. */
	#buffer = new Uint8Array(0);
	#position = 0;

	constructor(object: MediaObject, open: OpenObject, onClose: () => void) {
		this.#object = object;
		this.#open = open;
		this.#onClose = onClose;
	}

	/**
	 * Returns the next bytes, at most `maxBytes` of them, or `undefined` at the end. The bytes are valid until the next call. Calls must
	 * not overlap.
	 *
	 * @throws SpearError `invalid_request` for a `maxBytes` below 1, and after the reader was disposed.
	 */
	async read(maxBytes: number): Promise<Uint8Array | undefined> {
		if (maxBytes < 1) throw new SpearError("invalid_request", "max-bytes: must be at least 1");
		if (this.#open === undefined) throw new SpearError("invalid_request", "the reader was dropped; open a new one");
		const length = Math.min(maxBytes, CHUNK_BYTES, this.#object.size - this.#position);
		if (length === 0) return undefined;
		if (this.#buffer.byteLength < length) this.#buffer = new Uint8Array(length);
		const bytes = await this.#open.fill(this.#buffer.subarray(0, length), this.#position);
		this.#position += bytes.byteLength;
		return bytes;
	}

	[Symbol.dispose](): void {
		if (this.#open === undefined) return;
		this.#open.close();
		this.#open = undefined;
		this.#onClose();
	}
}
