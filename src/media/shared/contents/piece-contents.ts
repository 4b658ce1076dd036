import type { ContentSeal } from "../../../cluster/content-seal.ts";
import type { SharedPieces } from "../../../cluster/pieces.ts";
import { type ContentReader, type ContentStore, type ContentWriter, MissingContent } from "./content-store.ts";

/** Bytes of a piece. Small, so that no call occupies the store for long. */
const PIECE_BYTES = 256 * 1024;

/** Most bytes that the seal adds to a piece. */
const SEAL_BYTES = 64;

/** Life of the pieces of a content that is being written, in milliseconds. The writer extends it. */
const WRITING_MS = 900_000;

/** Time for which pieces stay after the end of their object, in milliseconds: the host that reads it extends it. */
const GRACE_MS = 600_000;

/** Contents in the shared store, in sealed pieces. A piece is bound to its object and number, and ends by itself. */
export class PieceContents implements ContentStore {
	readonly #pieces: SharedPieces;
	readonly #seal: ContentSeal;

	constructor(pieces: SharedPieces, seal: ContentSeal) {
		this.#pieces = pieces;
		this.#seal = seal;
	}

	write(id: string): ContentWriter {
		return new PieceWriter(this.#pieces, this.#seal, id);
	}

	read(id: string, size: number): ContentReader {
		return new PieceReader(size, async (index) => {
			const bytes = Math.min(PIECE_BYTES, size - index * PIECE_BYTES);
			const stored = await this.#pieces.read(id, index, PIECE_BYTES + SEAL_BYTES);
			if (stored === undefined) throw new MissingContent(`${placeOf(id, index)} is not in the shared store`);
			const piece = this.#seal.open(stored, placeOf(id, index));
			if (piece.byteLength !== bytes) throw new MissingContent(`${placeOf(id, index)} has ${piece.byteLength} bytes, not ${bytes}`);
			return piece;
		});
	}

	async keep(id: string, size: number, ms: number): Promise<void> {
		await this.#pieces.keep(id, Math.ceil(size / PIECE_BYTES), ms);
	}

	async remove(id: string): Promise<void> {
		await this.#pieces.remove(id);
	}

	async removeAbandoned(): Promise<void> {}

	async close(): Promise<void> {}
}

class PieceWriter implements ContentWriter {
	readonly #pieces: SharedPieces;
	readonly #seal: ContentSeal;
	readonly #id: string;
	#piece = Buffer.alloc(0);
	#filled = 0;
	#count = 0;
	#keptAt = performance.now();

	constructor(pieces: SharedPieces, seal: ContentSeal, id: string) {
		this.#pieces = pieces;
		this.#seal = seal;
		this.#id = id;
	}

	async write(bytes: Uint8Array): Promise<void> {
		for (let start = 0; start < bytes.byteLength; ) {
			const end = Math.min(bytes.byteLength, start + PIECE_BYTES - this.#filled);
			this.#append(bytes.subarray(start, end));
			start = end;
			if (this.#filled === PIECE_BYTES) await this.#send();
		}
	}

	async keep(): Promise<void> {
		if (performance.now() - this.#keptAt < WRITING_MS / 3) return;
		this.#keptAt = performance.now();
		await this.#pieces.keep(this.#id, this.#count, WRITING_MS);
	}

	async finish(lifetimeMs: number): Promise<void> {
		if (this.#filled > 0) await this.#send();
		this.#piece = Buffer.alloc(0);
		if (await this.#pieces.keep(this.#id, this.#count, lifetimeMs + GRACE_MS)) return;
		throw new MissingContent("the shared store lost a part of a content while it was written");
	}

	async discard(): Promise<void> {
		this.#piece = Buffer.alloc(0);
	}

	/** Appends to the piece. A small object needs no memory for a whole one. */
	#append(bytes: Uint8Array): void {
		const length = this.#filled + bytes.byteLength;
		if (length > this.#piece.byteLength) {
			const grown = Buffer.allocUnsafeSlow(Math.min(PIECE_BYTES, Math.max(length, this.#piece.byteLength * 2)));
			grown.set(this.#piece.subarray(0, this.#filled));
			this.#piece = grown;
		}
		this.#piece.set(bytes, this.#filled);
		this.#filled = length;
	}

	async #send(): Promise<void> {
		const sealed = this.#seal.seal(this.#piece.subarray(0, this.#filled), placeOf(this.#id, this.#count));
		await this.#pieces.write(this.#id, this.#count, sealed, WRITING_MS);
		this.#count += 1;
		this.#filled = 0;
	}
}

/** Reads piece after piece. While one is used, the next is fetched. */
class PieceReader implements ContentReader {
	readonly #size: number;
	readonly #fetch: (index: number) => Promise<Buffer>;
	#current: { readonly index: number; readonly piece: Promise<Buffer> } | undefined;
	#next: { readonly index: number; readonly piece: Promise<Buffer> } | undefined;

	constructor(size: number, fetch: (index: number) => Promise<Buffer>) {
		this.#size = size;
		this.#fetch = fetch;
	}

	async fill(buffer: Uint8Array, position: number): Promise<Uint8Array> {
		const index = Math.floor(position / PIECE_BYTES);
		const piece = await this.#piece(index);
		const offset = position - index * PIECE_BYTES;
		const filled = piece.copy(buffer, 0, offset, Math.min(piece.byteLength, offset + buffer.byteLength));
		return buffer.subarray(0, filled);
	}

	async close(): Promise<void> {
		this.#current = undefined;
		this.#next = undefined;
	}

	#piece(index: number): Promise<Buffer> {
		if (this.#current?.index === index) return this.#current.piece;
		const isSequential = this.#current?.index === index - 1;
		this.#current = this.#next?.index === index ? this.#next : { index, piece: this.#fetch(index) };
		const { piece } = this.#current;
		// A failure is that of the call for this piece. A later call tries again.
		piece.catch(() => {
			if (this.#current?.piece === piece) this.#current = undefined;
		});
		this.#next = undefined;
		if (isSequential && (index + 1) * PIECE_BYTES < this.#size) {
			this.#next = { index: index + 1, piece: this.#fetch(index + 1) };
			this.#next.piece.catch(() => {});
		}
		return piece;
	}
}

/** Identifier of a piece, to which its seal is bound. */
function placeOf(id: string, index: number): string {
	return `media/${id}/${index}`;
}
