import type { SharedPieces } from "../pieces.ts";
import { StoreError } from "../store-error.ts";

interface Piece {
	readonly bytes: Buffer;
	/** Milliseconds of the store's clock. */
	endsAt: number;
}

/** Contents in this process. A piece that has ended occupies memory until its content is removed. */
export class MemoryPieces implements SharedPieces {
	readonly #now: () => number;
	readonly #contents = new Map<string, Map<number, Piece>>();

	constructor(now: () => number) {
		this.#now = now;
	}

	async write(id: string, index: number, bytes: Uint8Array, ttlMs: number): Promise<void> {
		const pieces = this.#contents.get(id) ?? new Map<number, Piece>();
		this.#contents.set(id, pieces);
		pieces.set(index, { bytes: Buffer.from(bytes), endsAt: this.#now() + ttlMs });
	}

	async read(id: string, index: number, maxBytes: number): Promise<Buffer | undefined> {
		const bytes = this.#piece(id, index)?.bytes;
		if (bytes !== undefined && bytes.length > maxBytes) throw new StoreError("invalid_value", "a piece of a content is too long");
		return bytes;
	}

	async keep(id: string, count: number, ttlMs: number): Promise<boolean> {
		let present = 0;
		for (let index = 0; index < count; index += 1) {
			const piece = this.#piece(id, index);
			if (piece === undefined) continue;
			present += 1;
			piece.endsAt = Math.max(piece.endsAt, this.#now() + ttlMs);
		}
		return present === count;
	}

	async remove(id: string): Promise<void> {
		this.#contents.delete(id);
	}

	#piece(id: string, index: number): Piece | undefined {
		const piece = this.#contents.get(id)?.get(index);
		return piece !== undefined && piece.endsAt > this.#now() ? piece : undefined;
	}
}
