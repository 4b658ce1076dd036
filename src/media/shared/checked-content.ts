import { createHash, type Hash } from "node:crypto";
import type { MediaObject } from "../media-object.ts";
import { type ContentReader, MissingContent } from "./contents/content-store.ts";

/** Checks the hash of a content that is read from its start to its end. The last read fails if the content is another. */
export class CheckedContent implements ContentReader {
	readonly #object: MediaObject;
	readonly #content: ContentReader;
	/** `undefined` once a read was out of order. */
	#hash: Hash | undefined = createHash("sha256");
	#position = 0;

	constructor(object: MediaObject, content: ContentReader) {
		this.#object = object;
		this.#content = content;
	}

	async fill(buffer: Uint8Array, position: number): Promise<Uint8Array> {
		const bytes = await this.#content.fill(buffer, position);
		if (position === this.#position && this.#hash !== undefined) this.#check(this.#hash, bytes);
		else this.#hash = undefined;
		return bytes;
	}

	close(): Promise<void> {
		return this.#content.close();
	}

	#check(hash: Hash, bytes: Uint8Array): void {
		hash.update(bytes);
		this.#position += bytes.byteLength;
		if (this.#position < this.#object.size) return;
		this.#hash = undefined;
		if (hash.digest("hex") !== this.#object.sha256)
			throw new MissingContent(`the content of object ${this.#object.id} is another than was stored`);
	}
}
