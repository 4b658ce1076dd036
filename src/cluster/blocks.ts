/** Contents in the shared store, as blocks of bounded size. Each block ends by itself. The bytes are sealed by the caller. */
export interface SharedBlocks {
	/**
	 * Writes a block.
	 *
	 * @param id Identifier of the content, 32 hexadecimal digits.
	 * @param index Number of the block, from 0.
	 * @param ttlMs Time after which the block ends, in milliseconds.
	 */
	write(id: string, index: number, bytes: Uint8Array, ttlMs: number): Promise<void>;

	/** Returns a block; `undefined` for one that is not there. @throws StoreError `invalid_value` for more than `maxBytes`. */
	read(id: string, index: number, maxBytes: number): Promise<Buffer | undefined>;

	/** Keeps the first `count` blocks for at least `ttlMs`. A block that ends later stays as it is. Returns false if one is not there. */
	keep(id: string, count: number, ttlMs: number): Promise<boolean>;

	/** Removes every block from the first on. */
	remove(id: string): Promise<void>;
}
