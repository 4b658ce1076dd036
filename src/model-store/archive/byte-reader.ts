import { archiveFault } from "./archive.ts";

/** Reads a stream in parts of given sizes. Holds no more than one chunk of the stream. */
export class ByteReader {
	readonly #chunks: AsyncIterator<Uint8Array>;
	#chunk: Uint8Array = new Uint8Array(0);

	constructor(stream: AsyncIterable<Uint8Array>) {
		this.#chunks = stream[Symbol.asyncIterator]();
	}

	/** Returns the next bytes, or `undefined` at the end of the stream. @throws SpearError for a stream that ends between. */
	async read(bytes: number): Promise<Buffer | undefined> {
		const result = Buffer.alloc(bytes);
		let filled = 0;
		while (filled < bytes) {
			const part = await this.#next(bytes - filled);
			if (part === undefined) {
				if (filled === 0) return undefined;
				throw archiveFault("ends too early");
			}
			result.set(part, filled);
			filled += part.byteLength;
		}
		return result;
	}

	/** Yields the next bytes in parts. @throws SpearError for a stream that ends before. */
	async *parts(bytes: number): AsyncGenerator<Uint8Array> {
		for (let left = bytes; left > 0; ) {
			const part = await this.#next(left);
			if (part === undefined) throw archiveFault("ends too early");
			left -= part.byteLength;
			yield part;
		}
	}

	async skip(bytes: number): Promise<void> {
		for await (const _ of this.parts(bytes)) {
			// Nothing is kept.
		}
	}

	/** Returns at least one byte and at most `most`, or `undefined` at the end. */
	async #next(most: number): Promise<Uint8Array | undefined> {
		while (this.#chunk.byteLength === 0) {
			const { done, value } = await this.#chunks.next();
			if (done) return undefined;
			this.#chunk = value;
		}
		const part = this.#chunk.subarray(0, most);
		this.#chunk = this.#chunk.subarray(part.byteLength);
		return part;
	}
}
