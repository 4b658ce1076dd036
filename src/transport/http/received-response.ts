import type { Readable } from "node:stream";
import type { Dispatcher } from "undici";
import { flattenHeaders, type Headers } from "./headers.ts";

/** Bytes that wait for a reader, from which the socket is not read any further. */
const MAX_BUFFERED_BYTES = 64 * 1024;

/** Status and headers of an answer. */
export interface ResponseHead {
	readonly statusCode: number;
	readonly headers: Headers;
}

/** Receives the head of an answer, or the failure before it. */
export interface HeadListener {
	onHead(head: ResponseHead): void;
	onFailure(failure: Error): void;
}

/** A reader that waits for the next step of an answer. */
interface Waiter {
	readonly resolve: () => void;
	readonly reject: (reason: Error) => void;
}

/**
 * An answer as undici delivers it: its head, then its body in chunks. Holds a bounded number of bytes that no caller has read. undici's own body is a
 * stream of Node, which costs more than a whole short answer.
 */
export class ReceivedResponse implements Dispatcher.DispatchHandler {
	/** Body of the request. Absent for a text or none. */
	readonly #upload: Readable | undefined;
	#controller: Dispatcher.DispatchController | undefined;
	#head: ResponseHead | undefined;
	#chunks: Uint8Array[] = [];
	#bufferedBytes = 0;
	#ended = false;
	#failure: Error | undefined;
	#headListener: HeadListener | undefined;
	#waiter: Waiter | undefined;

	constructor(upload: Readable | undefined) {
		this.#upload = upload;
		// An upload may fail before undici listens. Without a listener it would end the process.
		upload?.on("error", (error) => this.#fail(error));
	}

	/** Status and headers. `undefined` before they arrive, and for an answer that has failed before. */
	get head(): ResponseHead | undefined {
		return this.#head;
	}

	/** True if the whole body has arrived. Chunks of it may wait for the reader. */
	get ended(): boolean {
		return this.#ended;
	}

	/** The failure of the answer, or the reason of `abort`. `undefined` for none. */
	get failure(): Error | undefined {
		return this.#failure;
	}

	/** Length of the next chunk that has arrived, in bytes. `undefined` for none. */
	get nextLength(): number | undefined {
		return this.#chunks[0]?.byteLength;
	}

	/** Removes and returns the next chunk that has arrived. `undefined` for none. */
	take(): Uint8Array | undefined {
		const chunk = this.#chunks.shift();
		if (chunk === undefined) return undefined;
		this.#bufferedBytes -= chunk.byteLength;
		if (this.#chunks.length === 0) this.#controller?.resume();
		return chunk;
	}

	/** Notifies `listener` of the head or the failure: at once if either has arrived. Call it once. */
	whenHead(listener: HeadListener): void {
		if (this.#head !== undefined) listener.onHead(this.#head);
		else if (this.#failure !== undefined) listener.onFailure(this.#failure);
		else this.#headListener = listener;
	}

	/** Resolves when a chunk or the end has arrived, or the head. Rejects with the failure. Call it again only after it has settled. */
	arrival(): Promise<void> {
		return new Promise((resolve, reject) => {
			if (this.#failure === undefined) this.#waiter = { resolve, reject };
			else reject(this.#failure);
		});
	}

	/** Ends an answer that is not complete, and closes its socket. Chunks that no caller has read are dropped. */
	abort(reason: Error): void {
		this.#chunks = [];
		if (this.#ended || this.#failure !== undefined) return;
		this.#fail(reason);
		// Before the start of the request, `onRequestStart` does.
		this.#controller?.abort(reason);
	}

	onRequestStart(controller: Dispatcher.DispatchController): void {
		if (this.#failure === undefined) this.#controller = controller;
		else controller.abort(this.#failure);
	}

	onResponseStart(
		_: Dispatcher.DispatchController,
		statusCode: number,
		headers: Readonly<Record<string, string | readonly string[] | undefined>>,
	): void {
		if (statusCode < 200) return;
		this.#head = { statusCode, headers: flattenHeaders(headers) };
		this.#headListener?.onHead(this.#head);
		this.#headListener = undefined;
	}

	onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
		if (this.#failure !== undefined) return;
		this.#chunks.push(chunk);
		this.#bufferedBytes += chunk.byteLength;
		if (this.#bufferedBytes >= MAX_BUFFERED_BYTES) controller.pause();
		this.#wake();
	}

	onResponseEnd(): void {
		this.#ended = true;
		this.#wake();
	}

	onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
		this.#fail(error);
	}

	#fail(error: Error): void {
		this.#failure ??= error;
		this.#upload?.destroy();
		this.#headListener?.onFailure(this.#failure);
		this.#headListener = undefined;
		const waiter = this.#waiter;
		this.#waiter = undefined;
		waiter?.reject(this.#failure);
	}

	#wake(): void {
		const waiter = this.#waiter;
		this.#waiter = undefined;
		waiter?.resolve();
	}
}
