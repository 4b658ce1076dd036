import type { SharedBlocks } from "../blocks.ts";
import type { StoreKeys } from "./keys.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { bytesOf, numberOf, optional } from "./reply.ts";
import { KEEP_BLOCKS, READ_BLOCK } from "./scripts/blocks/block-scripts.ts";

/** Blocks of one call. Bounds the time for which a call occupies the server. */
const BATCH = 256;

/** Contents on a server of the Redis protocol. All blocks of a content are in one slot, contents are spread over the slots. */
export class RedisBlocks implements SharedBlocks {
	readonly #connection: RedisConnection;
	readonly #keys: StoreKeys;

	constructor(connection: RedisConnection, keys: StoreKeys) {
		this.#connection = connection;
		this.#keys = keys;
	}

	async write(id: string, index: number, bytes: Uint8Array, ttlMs: number): Promise<void> {
		await this.#connection.command("SET", this.#key(id, index), bytes, "PX", ttlMs);
	}

	async read(id: string, index: number, maxBytes: number): Promise<Buffer | undefined> {
		return optional(await this.#connection.run(READ_BLOCK, [this.#key(id, index)], [maxBytes]), bytesOf);
	}

	async keep(id: string, count: number, ttlMs: number): Promise<boolean> {
		let present = 0;
		for (let start = 0; start < count; start += BATCH) {
			const keys = this.#batch(id, start, Math.min(BATCH, count - start));
			present += numberOf(await this.#connection.run(KEEP_BLOCKS, keys, [ttlMs]));
		}
		return present === count;
	}

	async remove(id: string): Promise<void> {
		for (let start = 0; ; start += BATCH) {
			const removed = numberOf(await this.#connection.command("UNLINK", ...this.#batch(id, start, BATCH)));
			if (removed === 0) return;
		}
	}

	#batch(id: string, start: number, count: number): string[] {
		return Array.from({ length: count }, (_, offset) => this.#key(id, start + offset));
	}

	#key(id: string, index: number): string {
		return this.#keys.key("content", id, `${index}`);
	}
}
