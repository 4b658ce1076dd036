import { type ContentReader, MissingContent } from "../content-store.ts";
import type { S3Client } from "./s3-client.ts";
import { S3Error } from "./s3-error.ts";

/** Bytes of a request when a content is read in order. */
const BLOCK_BYTES = 1024 * 1024;

interface Block {
	readonly start: number;
	readonly end: number;
	readonly bytes: Promise<Buffer>;
}

/** Reads ranges of a content. While one is used, the next is fetched. No connection waits for a slow reader. */
export class S3Reader implements ContentReader {
	readonly #client: S3Client;
	readonly #key: string;
	readonly #size: number;
	#current: Block | undefined;
	#next: Block | undefined;

	constructor(client: S3Client, key: string, size: number) {
		this.#client = client;
		this.#key = key;
		this.#size = size;
	}

	async fill(buffer: Uint8Array, position: number): Promise<Uint8Array> {
		const block = this.#block(position, buffer.byteLength);
		const bytes = await block.bytes;
		const filled = bytes.copy(buffer, 0, position - block.start, Math.min(bytes.byteLength, position - block.start + buffer.byteLength));
		return buffer.subarray(0, filled);
	}

	async close(): Promise<void> {
		this.#current = undefined;
		this.#next = undefined;
	}

	#block(position: number, wanted: number): Block {
		const current = this.#current;
		if (current !== undefined && position >= current.start && position < current.end) return current;
		const isSequential = position === current?.end;
		const block =
			this.#next?.start === position ? this.#next : this.#fetch(position, isSequential ? BLOCK_BYTES : Math.min(wanted, BLOCK_BYTES));
		this.#current = block;
		// A later call tries again.
		block.bytes.catch(() => {
			if (this.#current === block) this.#current = undefined;
		});
		this.#next = isSequential && block.end < this.#size ? this.#fetch(block.end, BLOCK_BYTES) : undefined;
		return block;
	}

	#fetch(start: number, length: number): Block {
		const end = Math.min(this.#size, start + length);
		const bytes = this.#range(start, end);
		bytes.catch(() => {}); // The call that uses the block receives the error.
		return { start, end, bytes };
	}

	async #range(start: number, end: number): Promise<Buffer> {
		const headers = { range: `bytes=${start}-${end - 1}` };
		try {
			const call = { action: "get", method: "GET", key: this.#key, headers, maxBytes: end - start } as const;
			const { status, body } = await this.#client.send(call);
			// A server that knows no ranges sends the whole content, which serves a range that is the whole.
			const isRange = status === 206 || (start === 0 && end === this.#size);
			if (isRange && body.byteLength === end - start) return body;
			throw new MissingContent(`${this.#key}: ${body.byteLength} bytes with status ${status} for a range of ${end - start} bytes`);
		} catch (cause) {
			if (cause instanceof S3Error && (cause.status === 404 || cause.status === 416))
				throw new MissingContent(`${this.#key} is not whole in the bucket`, { cause });
			throw cause;
		}
	}
}
