import type { StoredMedia } from "../../../../generated/backends/backend.ts";
import { cancelledError } from "../../../errors/spear-error.ts";

/**
 * Bytes that are stored while they are passed on. At no time is more than one piece in hand: the next is read once the store has
 * taken the last and whoever iterates asks for it. When the bytes break off, or whoever iterates leaves, the store's source
 * fails, so that nothing incomplete is kept; that is waited for. To be iterated once.
 */
export class Recording implements AsyncIterable<Uint8Array> {
	readonly #pieces: AsyncIterable<Uint8Array>;
	readonly #store: (content: AsyncIterable<Uint8Array>) => Promise<StoredMedia>;
	#stored: StoredMedia | undefined;

	constructor(pieces: AsyncIterable<Uint8Array>, store: (content: AsyncIterable<Uint8Array>) => Promise<StoredMedia>) {
		this.#pieces = pieces;
		this.#store = store;
	}

	/** What became of the bytes, once all of them were passed on. */
	get stored(): StoredMedia {
		if (this.#stored === undefined) throw new Error("the recording is not complete yet");
		return this.#stored;
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
		const handover = new Handover();
		const storing = this.#store(handover.taken());
		const close = () => handover.close();
		const settled = storing.then(close, close);
		let failure: unknown = cancelledError("the recording was given up before it was complete");
		try {
			for await (const piece of this.#pieces) {
				await handover.give(piece);
				if (handover.closed) break; // The store refuses, and says below why.
				yield piece;
			}
			handover.end();
			this.#stored = await storing;
		} catch (error) {
			failure = error;
			throw error;
		} finally {
			handover.end(failure);
			await settled;
		}
	}
}

/** Hands pieces from one side to the other, one at a time. */
class Handover {
	#piece: Uint8Array | undefined;
	#ending: { readonly error: unknown } | "end" | undefined;
	#closed = false;
	#wake: () => void = () => {};
	#release: () => void = () => {};

	/** Whether the taking side is done with, whatever is still to come. */
	get closed(): boolean {
		return this.#closed;
	}

	/** Resolves when the piece was taken, or never will be. */
	give(piece: Uint8Array): Promise<void> {
		if (this.#closed) return Promise.resolve();
		this.#piece = piece;
		return new Promise((resolve) => {
			this.#release = resolve;
			this.#wake();
		});
	}

	/** No piece follows; because of `error`, if there is one. Only the first call counts. */
	end(error?: unknown): void {
		this.#ending ??= error === undefined ? "end" : { error };
		this.#wake();
	}

	/** The taking side takes no more. */
	close(): void {
		this.#closed = true;
		this.#release();
	}

	/** What is given, until the end. */
	async *taken(): AsyncGenerator<Uint8Array, void, void> {
		for (;;) {
			const piece = this.#piece;
			if (piece !== undefined) {
				this.#piece = undefined;
				this.#release();
				yield piece;
			} else if (this.#ending === undefined) {
				await new Promise<void>((resolve) => (this.#wake = resolve));
			} else {
				if (this.#ending !== "end") throw this.#ending.error;
				return;
			}
		}
	}
}
