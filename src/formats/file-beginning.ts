/** Capacity for the first chunk at least, in bytes. */
const MIN_CAPACITY = 1024;

/**
 * The beginning of a file that arrives in chunks, for a parser that reads the beginning as a whole. Tells when to parse again: each time
 * the size has doubled. The cost is linear, however small the chunks are. To join and parse the bytes at every chunk would be quadratic.
 */
export class FileBeginning {
	#buffer: Buffer = Buffer.alloc(0);
	#length = 0;
	/** Size from which parsing is due, in bytes. */
	#due = 1;

	/** Adds a chunk. Returns true if the size has at least doubled since the last call that returned true. */
	add(chunk: Uint8Array): boolean {
		const length = this.#length + chunk.byteLength;
		if (length > this.#buffer.length) {
			const larger = Buffer.alloc(Math.max(length, 2 * this.#buffer.length, MIN_CAPACITY));
			this.bytes.copy(larger);
			this.#buffer = larger;
		}
		this.#buffer.set(chunk, this.#length);
		this.#length = length;
		if (length < this.#due) return false;
		this.#due = 2 * length;
		return true;
	}

	/** The bytes so far. Must not be changed. */
	get bytes(): Buffer {
		return this.#buffer.subarray(0, this.#length);
	}
}
