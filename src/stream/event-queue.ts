import { Notifier, type Readiness } from "./readiness.ts";

export interface EventQueueOptions<E> {
	/** Bytes of events that may wait before a producer is made to wait. One event may exceed it. */
	readonly maxBytes: number;
	/** Estimated size of an event in bytes. */
	readonly sizeOf: (event: E) => number;
}

/**
 * The queue between an upstream and a guest: bounded in bytes, one producer, one consumer. A full queue makes the
 * producer wait, and so, through the socket's own flow control, the upstream. After `end` what is queued is still delivered.
 */
export class EventQueue<E> implements Readiness {
	readonly #options: EventQueueOptions<E>;
	readonly #events: { readonly event: E; readonly bytes: number }[] = [];
	readonly #readable = new Notifier();
	readonly #writable = new Notifier();
	#bytes = 0;
	#ended = false;

	constructor(options: EventQueueOptions<E>) {
		this.#options = options;
	}

	/** Bytes waiting now. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Whether `end` was called and everything was taken. */
	get drained(): boolean {
		return this.#ended && this.#events.length === 0;
	}

	/** Adds an event at once, whatever the size. Ignored after `end`. */
	push(event: E): void {
		if (this.#ended) return;
		const bytes = this.#options.sizeOf(event);
		this.#events.push({ event, bytes });
		this.#bytes += bytes;
		this.#readable.notifyAll();
	}

	/** Resolves once there is room again, at once when there is; also when `signal` is aborted or the queue has ended. */
	async room(signal: AbortSignal): Promise<void> {
		while (this.#bytes >= this.#options.maxBytes && !this.#ended && !signal.aborted) {
			await new Promise<void>((resolve) => {
				const done = (): void => {
					signal.removeEventListener("abort", done);
					unsubscribe();
					resolve();
				};
				const unsubscribe = this.#writable.subscribe(done);
				signal.addEventListener("abort", done, { once: true });
			});
		}
	}

	/** No event will follow. */
	end(): void {
		this.#ended = true;
		this.#readable.notifyAll();
		this.#writable.notifyAll();
	}

	/** Throws away what waits and ends. */
	discard(): void {
		this.#events.length = 0;
		this.#bytes = 0;
		this.end();
	}

	/** Takes the oldest event, if one is there. */
	take(): E | undefined {
		const first = this.#events.shift();
		if (first === undefined) return undefined;
		this.#bytes -= first.bytes;
		if (this.#bytes < this.#options.maxBytes) this.#writable.notifyAll();
		return first.event;
	}

	/** Ready when `take` would give an event, or none will ever come. */
	isReady(): boolean {
		return this.#events.length > 0 || this.#ended;
	}

	onReady(notify: () => void): () => void {
		return this.#readable.subscribe(notify);
	}

	/** Resolves when ready. */
	whenReady(): Promise<void> {
		if (this.isReady()) return Promise.resolve();
		return new Promise((resolve) => this.onReady(resolve));
	}
}
