import type { SharedBlocks } from "../blocks.ts";
import { StoreError } from "../store-error.ts";

interface Block {
	readonly bytes: Buffer;
	/** Milliseconds of the store's clock. */
	endsAt: number;
}

/** Contents in this process. A block that has ended occupies memory until its content is removed. */
export class MemoryBlocks implements SharedBlocks {
	readonly #now: () => number;
	readonly #contents = new Map<string, Map<number, Block>>();

	constructor(now: () => number) {
		this.#now = now;
	}

	async write(id: string, index: number, bytes: Uint8Array, ttlMs: number): Promise<void> {
		const blocks = this.#contents.get(id) ?? new Map<number, Block>();
		this.#contents.set(id, blocks);
		blocks.set(index, { bytes: Buffer.from(bytes), endsAt: this.#now() + ttlMs });
	}

	async read(id: string, index: number, maxBytes: number): Promise<Buffer | undefined> {
		const bytes = this.#block(id, index)?.bytes;
		if (bytes !== undefined && bytes.length > maxBytes) throw new StoreError("invalid_value", "a block of a content is too long");
		return bytes;
	}

	async keep(id: string, count: number, ttlMs: number): Promise<boolean> {
		let present = 0;
		for (let index = 0; index < count; index += 1) {
			const block = this.#block(id, index);
			if (block === undefined) continue;
			present += 1;
			block.endsAt = Math.max(block.endsAt, this.#now() + ttlMs);
		}
		return present === count;
	}

	async remove(id: string): Promise<void> {
		this.#contents.delete(id);
	}

	#block(id: string, index: number): Block | undefined {
		const block = this.#contents.get(id)?.get(index);
		return block !== undefined && block.endsAt > this.#now() ? block : undefined;
	}
}
