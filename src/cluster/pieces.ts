/** Contents in the shared store, as pieces of bounded size. Each piece ends by itself. The bytes are sealed by the caller. */
export interface SharedPieces {
	/**
	 * Writes a piece.
	 *
	 * @param id Identifier of the content, 32 hexadecimal digits.
	 * @param index Number of the piece, from 0.
	 * @param ttlMs Time after which the piece ends, in milliseconds.
	 */
	write(id: string, index: number, bytes: Uint8Array, ttlMs: number): Promise<void>;

	/** Returns a piece; `undefined` for one that is not there. @throws StoreError `invalid_value` for more than `maxBytes`. */
	read(id: string, index: number, maxBytes: number): Promise<Buffer | undefined>;

	/** Keeps the first `count` pieces for at least `ttlMs`. A piece that ends later stays as it is. Returns false if one is not there. */
	keep(id: string, count: number, ttlMs: number): Promise<boolean>;

	/** Removes every piece from the first on. */
	remove(id: string): Promise<void>;
}
