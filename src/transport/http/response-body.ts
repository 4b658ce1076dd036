import { ARRIVED, type ArrivingIterator } from "../../async/arrived.ts";
import type { ReceivedResponse } from "./received-response.ts";

/** The call that a body belongs to. */
export interface BodyOwner {
	/** Starts the time limit of a wait for a chunk. */
	watchChunk(isFirst: boolean): void;
	/** Ends the time limit of a wait. */
	unwatch(): void;
	/** Returns the error for a failure of the exchange. */
	answeringError(thrown: unknown): Error;
	/** Returns the error for a body that is too large. */
	tooLarge(maxBytes: number): Error;
	/** Ends the call. Closes its socket if the answer is not complete. */
	discard(): void;
}

/**
 * The body of an answer in chunks, as they arrive. Ends the call when the body ends or fails, or when the reader leaves. A generator would make
 * several promises for each chunk; this one makes none for a chunk that has arrived.
 */
export class ResponseBody implements AsyncGenerator<Uint8Array, void, void>, ArrivingIterator<Uint8Array> {
	readonly #response: ReceivedResponse;
	readonly #owner: BodyOwner;
	readonly #maxBytes: number;
	#bytes = 0;
	#over = false;
	/** The call that waits for a chunk. Later calls wait for that call, so that the order of the chunks holds. */
	#waiting: Promise<unknown> | undefined;

	constructor(response: ReceivedResponse, owner: BodyOwner, maxBytes: number) {
		this.#response = response;
		this.#owner = owner;
		this.#maxBytes = maxBytes;
	}

	[Symbol.asyncIterator](): this {
		return this;
	}

	/** Returns a chunk that has arrived. The end and all failures are left to `next`. */
	[ARRIVED](): IteratorResult<Uint8Array, void> | undefined {
		const { nextLength } = this.#response;
		if (nextLength === undefined || this.#waiting !== undefined || this.#over) return undefined;
		return this.#bytes + nextLength > this.#maxBytes ? undefined : this.#arrived();
	}

	next(): Promise<IteratorResult<Uint8Array, void>> {
		if (this.#waiting !== undefined) return this.#afterWaiting();
		try {
			const step = this.#arrived();
			if (step !== undefined) return Promise.resolve(step);
		} catch (thrown) {
			return Promise.reject(thrown);
		}
		const next = this.#wait();
		this.#waiting = next;
		return next;
	}

	/**
	 * Returns the whole body: at once if it has arrived, as most short answers have with their head.
	 *
	 * @throws SpearError for a body that fails or is too large.
	 */
	whole(): Buffer | Promise<Buffer> {
		const chunks: Uint8Array[] = [];
		for (let step = this.#arrived(); step !== undefined; step = this.#arrived()) {
			if (step.done === true) return joined(chunks);
			chunks.push(step.value);
		}
		return this.#rest(chunks);
	}

	async #rest(chunks: Uint8Array[]): Promise<Buffer> {
		for (;;) {
			const step = this.#arrived() ?? (await this.#wait());
			if (step.done === true) return joined(chunks);
			chunks.push(step.value);
		}
	}

	/** Ends the call. A chunk that is waited for never arrives. */
	async return(): Promise<IteratorResult<Uint8Array, void>> {
		this.#end();
		return { done: true, value: undefined };
	}

	async throw(reason: unknown): Promise<never> {
		this.#end();
		throw reason;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#end();
	}

	/** Returns the next step if it is known. `undefined` if a chunk has to be waited for. */
	#arrived(): IteratorResult<Uint8Array, void> | undefined {
		if (this.#over) return { done: true, value: undefined };
		const chunk = this.#response.take();
		if (chunk !== undefined) return { done: false, value: this.#counted(chunk) };
		const { failure } = this.#response;
		if (failure !== undefined) throw this.#failed(failure);
		if (!this.#response.ended) return undefined;
		this.#end();
		return { done: true, value: undefined };
	}

	async #wait(): Promise<IteratorResult<Uint8Array, void>> {
		try {
			for (;;) {
				this.#owner.watchChunk(this.#bytes === 0);
				try {
					await this.#response.arrival();
				} catch (thrown) {
					throw this.#failed(thrown);
				} finally {
					this.#owner.unwatch();
				}
				const step = this.#arrived();
				if (step !== undefined) return step;
			}
		} finally {
			this.#waiting = undefined;
		}
	}

	async #afterWaiting(): Promise<IteratorResult<Uint8Array, void>> {
		await this.#waiting?.catch(() => {}); // The call that waits reports the failure.
		return this.next();
	}

	#counted(chunk: Uint8Array): Uint8Array {
		this.#bytes += chunk.byteLength;
		if (this.#bytes <= this.#maxBytes) return chunk;
		const error = this.#owner.tooLarge(this.#maxBytes);
		this.#end();
		throw error;
	}

	#failed(thrown: unknown): Error {
		const error = this.#owner.answeringError(thrown);
		this.#end();
		return error;
	}

	#end(): void {
		this.#over = true;
		this.#owner.discard();
	}
}

function joined(chunks: readonly Uint8Array[]): Buffer {
	const [first] = chunks;
	if (chunks.length !== 1 || first === undefined) return Buffer.concat(chunks);
	return first instanceof Buffer ? first : Buffer.from(first.buffer, first.byteOffset, first.byteLength);
}
