import { SpearError } from "../errors/spear-error.ts";
import type { MediaObject } from "./media-object.ts";
import type { OpenObject } from "./store.ts";

/** Most bytes that are read at a time. */
const CHUNK_BYTES = 1024 * 1024;

/** An object being read from its start, by the guest. Reading goes on to its end even if the object is removed or expires meanwhile. */
export class ObjectReader implements Disposable {
	readonly #object: MediaObject;
	readonly #onClose: () => void;
	#open: OpenObject | undefined;
	/** Used for one read after the other: fresh memory for each would pile up until it is collected. */
	#buffer = new Uint8Array(0);
	#position = 0;

	constructor(object: MediaObject, open: OpenObject, onClose: () => void) {
		this.#object = object;
		this.#open = open;
		this.#onClose = onClose;
	}

	/** Up to so many more bytes, which are valid until the next call; nothing at the end. Calls must not overlap. */
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
