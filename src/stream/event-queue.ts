import { Notifier, type Readiness } from "./readiness.ts";

export interface EventQueueOptions<E> {
	/** Bytes of events that may wait before a producer is made to wait. One event alone may exceed it. */
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
 * The queue between an upstream and a guest: bounded in bytes, one producer, one consumer. A full queue makes the
 * producer wait, and so, through the socket's own flow control, the upstream. After `end` what is queued is still delivered.
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

	/** Bytes waiting now. */
	get bytes(): number {
		return this.#bytes;
	}

	/** Bytes of those that `drop` can make go. */
	get droppableBytes(): number {
		return this.#droppableBytes;
	}

	/** How many events wait. */
	get length(): number {
		return this.#entries.length;
	}

	/** Whether no event can be added any more. */
	get ended(): boolean {
		return this.#ended;
	}

	/** Whether `end` was called and everything was taken. */
	get drained(): boolean {
		return this.#ended && this.#entries.length === 0;
	}

	/** Adds an event at once, whatever the size. Ignored after `end`. */
	push(event: E, droppable = false): void {
		if (!this.#ended) this.#add({ event, bytes: this.#options.sizeOf(event), droppable });
	}

	/** Whether so many bytes fit now. An empty queue has room for any event. */
	hasRoom(bytes: number): boolean {
		return this.#bytes === 0 || this.#bytes + bytes <= this.#options.maxBytes;
	}

	/** Resolves once so many bytes fit, at once when they do; also when `signal` is aborted or the queue has ended. */
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

	/** Calls `notify` when there is more room than before, or none is needed any more. */
	onWritable(notify: () => void): () => void {
		return this.#writable.subscribe(notify);
	}

	/** No event will follow, but for `last`, which weighs nothing. */
	end(last?: E): void {
		if (this.#ended) return;
		if (last !== undefined) this.#add({ event: last, bytes: 0, droppable: false });
		this.#ended = true;
		this.#readable.notifyAll();
		this.#writable.notifyAll();
	}

	/** Throws away what waits and ends. */
	discard(): void {
		this.#entries = [];
		this.#bytes = 0;
		this.#droppableBytes = 0;
		this.end();
	}

	/** Takes the oldest event, if one is there. */
	take(): E | undefined {
		const first = this.#entries.shift();
		if (first === undefined) return undefined;
		this.#release(first);
		return first.event;
	}

	/** Drops the oldest or the newest event that was pushed as droppable. Tells whether there was one. */
	drop(which: "oldest" | "newest"): boolean {
		const index =
			which === "oldest" ? this.#entries.findIndex((entry) => entry.droppable) : this.#entries.findLastIndex((entry) => entry.droppable);
		const [dropped] = index < 0 ? [] : this.#entries.splice(index, 1);
		if (dropped !== undefined) this.#release(dropped);
		return dropped !== undefined;
	}

	/** Takes back every droppable event that came after the last one that `isMark` knows. */
	withdrawAfter(isMark: (event: E) => boolean): void {
		const mark = this.#entries.findLastIndex((entry) => isMark(entry.event));
		const withdrawn = this.#entries.filter((entry, index) => index > mark && entry.droppable);
		this.#entries = this.#entries.filter((entry, index) => index <= mark || !entry.droppable);
		for (const entry of withdrawn) this.#release(entry);
	}

	/** Ready when `take` would give an event, or none will ever come. */
	isReady(): boolean {
		return this.#entries.length > 0 || this.#ended;
	}

	onReady(notify: () => void): () => void {
		return this.#readable.subscribe(notify);
	}

	/** Resolves when ready. */
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
