import { Notifier, type Readiness } from "./readiness.ts";

export interface EventQueueOptions<E> {
	/** Most bytes of queued events before the producer has to wait. A single event may exceed them. */
	readonly maxBytes: number;
	/** Estimated size of an event in bytes. */
	readonly sizeOf: (event: E) => number;
}

interface Entry<E> {
	readonly event: E;
	readonly bytes: number;
	readonly droppable: boolean;
}

/**
 * The queue between an upstream and a guest, with one producer and one consumer. While the queue is full, the producer waits. Hence the
 * flow control of the socket slows the upstream. Events that are queued before `end` are still delivered.
 */
export class EventQueue<E> implements Readiness {
	readonly #options: EventQueueOptions<E>;
	#entries: Entry<E>[] = [];
	readonly #readable = new Notifier();
	readonly #writable = new Notifier();
	#bytes = 0;
	#droppableBytes = 0;
	#ended = false;

	constructor(options: EventQueueOptions<E>) {
		this.#options = options;
	}

	/** Bytes of the queued events. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Bytes of the queued events that `drop` may remove. */
	get droppableBytes(): number {
		return this.#droppableBytes;
	}

	/** Number of queued events. */
	get length(): number {
		return this.#entries.length;
	}

	/** True after `end`. */
	get ended(): boolean {
		return this.#ended;
	}

	/** True once the queue has ended and every event was taken. */
	get drained(): boolean {
		return this.#ended && this.#entries.length === 0;
	}

	/** Adds an event of any size without waiting. Has no effect after `end`. */
	push(event: E, droppable = false): void {
		if (!this.#ended) this.#add({ event, bytes: this.#options.sizeOf(event), droppable });
	}

	/** Returns true if `bytes` fit. An empty queue has room for any event. */
	hasRoom(bytes: number): boolean {
		return this.#bytes === 0 || this.#bytes + bytes <= this.#options.maxBytes;
	}

	/** Resolves when `bytes` fit, when `signal` is aborted, or when the queue ends. */
	async whenWritable(signal: AbortSignal, bytes = 1): Promise<void> {
		while (!this.hasRoom(bytes) && !this.#ended && !signal.aborted) {
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

	/** Calls `notify` once, when bytes become free or the queue ends. Returns a function that cancels the subscription. */
	onWritable(notify: () => void): () => void {
		return this.#writable.subscribe(notify);
	}

	/** Ends the queue. Adds `last` first, which counts no bytes. Later pushes have no effect. */
	end(last?: E): void {
		if (this.#ended) return;
		if (last !== undefined) this.#add({ event: last, bytes: 0, droppable: false });
		this.#ended = true;
		this.#readable.notifyAll();
		this.#writable.notifyAll();
	}

	/** Removes every event and ends the queue. */
	discard(): void {
		this.#entries = [];
		this.#bytes = 0;
		this.#droppableBytes = 0;
		this.end();
	}

	/** Removes and returns the oldest event. Returns `undefined` if the queue is empty. */
	take(): E | undefined {
		const first = this.#entries.shift();
		if (first === undefined) return undefined;
		this.#release(first);
		return first.event;
	}

	/** Drops the oldest or the newest droppable event. Returns false if there is none. */
	drop(which: "oldest" | "newest"): boolean {
		const index =
			which === "oldest" ? this.#entries.findIndex((entry) => entry.droppable) : this.#entries.findLastIndex((entry) => entry.droppable);
		const [dropped] = index < 0 ? [] : this.#entries.splice(index, 1);
		if (dropped !== undefined) this.#release(dropped);
		return dropped !== undefined;
	}

	/** Removes every droppable event after the last event that `isMark` accepts. Without such an event, removes all droppable events. */
	withdrawAfter(isMark: (event: E) => boolean): void {
		const mark = this.#entries.findLastIndex((entry) => isMark(entry.event));
		const withdrawn = this.#entries.filter((entry, index) => index > mark && entry.droppable);
		this.#entries = this.#entries.filter((entry, index) => index <= mark || !entry.droppable);
		for (const entry of withdrawn) this.#release(entry);
	}

	/** Returns true if an event is queued or the queue has ended. */
	isReady(): boolean {
		return this.#entries.length > 0 || this.#ended;
	}

	onReady(notify: () => void): () => void {
		return this.#readable.subscribe(notify);
	}

	/** Resolves when an event is queued or the queue has ended. */
	whenReady(): Promise<void> {
		if (this.isReady()) return Promise.resolve();
		return new Promise((resolve) => this.onReady(resolve));
	}

	#add(entry: Entry<E>): void {
		this.#entries.push(entry);
		this.#bytes += entry.bytes;
		if (entry.droppable) this.#droppableBytes += entry.bytes;
		this.#readable.notifyAll();
	}

	#release({ bytes, droppable }: Entry<E>): void {
		this.#bytes -= bytes;
		if (droppable) this.#droppableBytes -= bytes;
		this.#writable.notifyAll();
	}
}
