import type { SharedBlocks } from "../../../cluster/blocks.ts";
import type { ContentSeal } from "../../../cluster/content-seal.ts";
import { type ContentReader, type ContentStore, type ContentWriter, MissingContent } from "./content-store.ts";

/** Bytes of a block. Small, so that no call occupies the store for long. */
const BLOCK_BYTES = 256 * 1024;

/** Most bytes that the seal adds to a block. */
const SEAL_BYTES = 64;

/** Life of the blocks of a content that is being written, in milliseconds. The writer extends it. */
const WRITING_MS = 900_000;

/** Time for which blocks stay after the end of their object, in milliseconds: the host that reads it extends it. */
const GRACE_MS = 600_000;

/** Contents in the shared store, in sealed blocks. A block is bound to its object and number, and ends by itself. */
export class BlockContents implements ContentStore {
	readonly #blocks: SharedBlocks;
	readonly #seal: ContentSeal;

	constructor(blocks: SharedBlocks, seal: ContentSeal) {
		this.#blocks = blocks;
		this.#seal = seal;
	}

	write(id: string): ContentWriter {
		return new BlockWriter(this.#blocks, this.#seal, id);
	}

	read(id: string, size: number): ContentReader {
		return new BlockReader(size, async (index) => {
			const bytes = Math.min(BLOCK_BYTES, size - index * BLOCK_BYTES);
			const stored = await this.#blocks.read(id, index, BLOCK_BYTES + SEAL_BYTES);
			if (stored === undefined) throw new MissingContent(`${placeOf(id, index)} is not in the shared store`);
			const block = this.#seal.open(stored, placeOf(id, index));
			if (block.byteLength !== bytes) throw new MissingContent(`${placeOf(id, index)} has ${block.byteLength} bytes, not ${bytes}`);
			return block;
		});
	}

	async keep(id: string, size: number, ms: number): Promise<void> {
		await this.#blocks.keep(id, Math.ceil(size / BLOCK_BYTES), ms);
	}

	async remove(id: string): Promise<void> {
		await this.#blocks.remove(id);
	}

	async removeAbandoned(): Promise<void> {}

	async close(): Promise<void> {}
}

class BlockWriter implements ContentWriter {
	readonly #blocks: SharedBlocks;
	readonly #seal: ContentSeal;
	readonly #id: string;
	#block = Buffer.alloc(0);
	#filled = 0;
	#count = 0;
	#keptAt = performance.now();

	constructor(blocks: SharedBlocks, seal: ContentSeal, id: string) {
		this.#blocks = blocks;
		this.#seal = seal;
		this.#id = id;
	}

	async write(bytes: Uint8Array): Promise<void> {
		for (let start = 0; start < bytes.byteLength; ) {
			const end = Math.min(bytes.byteLength, start + BLOCK_BYTES - this.#filled);
			this.#append(bytes.subarray(start, end));
			start = end;
			if (this.#filled === BLOCK_BYTES) await this.#send();
		}
	}

	async keep(): Promise<void> {
		if (performance.now() - this.#keptAt < WRITING_MS / 3) return;
		this.#keptAt = performance.now();
		await this.#blocks.keep(this.#id, this.#count, WRITING_MS);
	}

	async finish(lifetimeMs: number): Promise<void> {
		if (this.#filled > 0) await this.#send();
		this.#block = Buffer.alloc(0);
		if (await this.#blocks.keep(this.#id, this.#count, lifetimeMs + GRACE_MS)) return;
		throw new MissingContent("the shared store lost a part of a content while it was written");
	}

	async discard(): Promise<void> {
		this.#block = Buffer.alloc(0);
	}

	/** Appends to the block. A small object needs no memory for a whole one. */
	#append(bytes: Uint8Array): void {
		const length = this.#filled + bytes.byteLength;
		if (length > this.#block.byteLength) {
			const grown = Buffer.allocUnsafeSlow(Math.min(BLOCK_BYTES, Math.max(length, this.#block.byteLength * 2)));
			grown.set(this.#block.subarray(0, this.#filled));
			this.#block = grown;
		}
		this.#block.set(bytes, this.#filled);
		this.#filled = length;
	}

	async #send(): Promise<void> {
		const sealed = this.#seal.seal(this.#block.subarray(0, this.#filled), placeOf(this.#id, this.#count));
		await this.#blocks.write(this.#id, this.#count, sealed, WRITING_MS);
		this.#count += 1;
		this.#filled = 0;
	}
}

/** Reads block after block. While one is used, the next is fetched. */
class BlockReader implements ContentReader {
	readonly #size: number;
	readonly #fetch: (index: number) => Promise<Buffer>;
	#current: { readonly index: number; readonly block: Promise<Buffer> } | undefined;
	#next: { readonly index: number; readonly block: Promise<Buffer> } | undefined;

	constructor(size: number, fetch: (index: number) => Promise<Buffer>) {
		this.#size = size;
		this.#fetch = fetch;
	}

	async fill(buffer: Uint8Array, position: number): Promise<Uint8Array> {
		const index = Math.floor(position / BLOCK_BYTES);
		const block = await this.#block(index);
		const offset = position - index * BLOCK_BYTES;
		const filled = block.copy(buffer, 0, offset, Math.min(block.byteLength, offset + buffer.byteLength));
		return buffer.subarray(0, filled);
	}

	async close(): Promise<void> {
		this.#current = undefined;
		this.#next = undefined;
	}

	#block(index: number): Promise<Buffer> {
		if (this.#current?.index === index) return this.#current.block;
		const isSequential = this.#current?.index === index - 1;
		this.#current = this.#next?.index === index ? this.#next : { index, block: this.#fetch(index) };
		const { block } = this.#current;
		// A failure is that of the call for this block. A later call tries again.
		block.catch(() => {
			if (this.#current?.block === block) this.#current = undefined;
		});
		this.#next = undefined;
		if (isSequential && (index + 1) * BLOCK_BYTES < this.#size) {
			this.#next = { index: index + 1, block: this.#fetch(index + 1) };
			this.#next.block.catch(() => {});
		}
		return block;
	}
}

/** Identifier of a block, to which its seal is bound. */
function placeOf(id: string, index: number): string {
	return `media/${id}/${index}`;
}
