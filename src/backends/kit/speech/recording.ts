import type { StoredMedia } from "../../../../generated/backends/backend.ts";
import { cancelledError } from "../../../errors/spear-error.ts";

/**
 * Stores bytes while it passes them on. Holds at most one chunk: reads the next one when the store has read the last and the reader
 * asks for it. May be iterated once.
 *
 * If the source throws or the reader leaves early, the store's source fails, so that the store keeps nothing incomplete. The iteration
 * ends after the store.
 */
export class Recording implements AsyncIterable<Uint8Array> {
	readonly #chunks: AsyncIterable<Uint8Array>;
	readonly #store: (content: AsyncIterable<Uint8Array>) => Promise<StoredMedia>;
	#stored: StoredMedia | undefined;

	constructor(chunks: AsyncIterable<Uint8Array>, store: (content: AsyncIterable<Uint8Array>) => Promise<StoredMedia>) {
		this.#chunks = chunks;
		this.#store = store;
	}

	/** The stored object. Available once every byte was passed on. */
	get stored(): StoredMedia {
		if (this.#stored === undefined) throw new Error("the recording is not complete yet");
		return this.#stored;
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
		const handover = new Handover();
		const storing = this.#store(handover.read());
		const close = () => handover.close();
		const settled = storing.then(close, close);
		let failure: unknown = cancelledError("the recording was cancelled before it was complete");
		try {
			for await (const chunk of this.#chunks) {
				await handover.write(chunk);
				if (handover.closed) break; // The store has failed. Its error is thrown below.
				yield chunk;
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

/** Passes chunks from a writer to a reader, one after the other. */
class Handover {
	#chunk: Uint8Array | undefined;
	#ending: { readonly error: unknown } | "end" | undefined;
	#closed = false;
	#wakeReader: () => void = () => {};
	#wakeWriter: () => void = () => {};

	/** True if the reader reads no more. */
	get closed(): boolean {
		return this.#closed;
	}

	/** Writes a chunk. Resolves when the reader has read it, or has closed. */
	write(chunk: Uint8Array): Promise<void> {
		if (this.#closed) return Promise.resolve();
		this.#chunk = chunk;
		return new Promise((resolve) => {
			this.#wakeWriter = resolve;
			this.#wakeReader();
		});
	}

	/** Ends the chunks, with `error` if there is one. Only the first call counts. */
	end(error?: unknown): void {
		this.#ending ??= error === undefined ? "end" : { error };
		this.#wakeReader();
	}

	/** Closes the reading side. */
	close(): void {
		this.#closed = true;
		this.#wakeWriter();
	}

	/** Yields the written chunks until the end. */
	async *read(): AsyncGenerator<Uint8Array, void, void> {
		for (;;) {
			const chunk = this.#chunk;
			if (chunk !== undefined) {
				this.#chunk = undefined;
				this.#wakeWriter();
				yield chunk;
			} else if (this.#ending === undefined) {
				await new Promise<void>((resolve) => (this.#wakeReader = resolve));
			} else {
				if (this.#ending !== "end") throw this.#ending.error;
				return;
			}
		}
	}
}
