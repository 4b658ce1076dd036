import { type Link, LinkedList } from "../collections/linked-list.ts";
import { Notifier, type Readiness } from "./readiness.ts";

/** The account that the events of a queue are charged to. */
export interface QueueMemory {
	/** Counts bytes, without a check. */
	count(bytes: number): void;
	release(bytes: number): void;
	/** Returns true if the account has room for that many bytes. */
	hasRoom(bytes: number): boolean;
	/** @throws SpearError `not_permitted` or `rate_limited` if the account has no room for that many bytes. */
	assertRoom(bytes: number): void;
}

export interface EventQueueOptions<E> {
	/** Most bytes of queued events before the producer has to wait. A single event may exceed them. */
	readonly maxBytes: number;
	/** Estimated size of an event in bytes. */
	readonly sizeOf: (event: E) => number;
	/** Returns true for an event after which `withdrawAfterMark` starts. Such an event is never dropped. The default is none. */
	readonly isMark?: (event: E) => boolean;
	/** Charged with the queued events. A queue with events is full while its account is. The default is none. */
	readonly memory?: QueueMemory | undefined;
}

interface Entry<E> {
	readonly event: E;
	readonly bytes: number;
	/** Position among all events of the queue's life. */
	readonly number: number;
	/** Place among the droppable events. Absent for other events. */
	place: Link<Link<Entry<E>>> | undefined;
}

/**
 * The queue between an upstream and a guest, with one producer and one consumer. While the queue is full, the producer waits. Hence the
 * flow control of the socket slows the upstream. Events that are queued before `end` are still delivered.
 */
export class EventQueue<E> implements Readiness {
	readonly #options: EventQueueOptions<E>;
	readonly #entries = new LinkedList<Entry<E>>();
	/** The droppable entries. */
	readonly #droppable = new LinkedList<Link<Entry<E>>>();
	readonly #readable = new Notifier();
	readonly #writable = new Notifier();
	#bytes = 0;
	#droppableBytes = 0;
	#pushed = 0;
	/** Number of the last mark. */
	#mark = 0;
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
		if (!this.#ended) this.#add(event, this.#options.sizeOf(event), droppable);
	}

	/** Returns true if `bytes` fit. An empty queue has room for any event. */
	hasRoom(bytes: number): boolean {
		return this.#bytes === 0 || this.fits(bytes);
	}

	/**
	 * Returns true if `bytes` stay within the bound of the queue, and within its account unless the queue is empty. Otherwise a guest whose
	 * account is full could receive nothing more, and wait for ever.
	 */
	protected fits(bytes: number): boolean {
		const { maxBytes, memory } = this.#options;
		return this.#bytes + bytes <= maxBytes && (this.#bytes === 0 || memory?.hasRoom(bytes) !== false);
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
		if (last !== undefined) this.#add(last, 0, false);
		this.#ended = true;
		this.#readable.notifyAll();
		this.#writable.notifyAll();
	}

	/** Removes every event and ends the queue. */
	discard(): void {
		this.#entries.clear();
		this.#droppable.clear();
		this.#options.memory?.release(this.#bytes);
		this.#bytes = 0;
		this.#droppableBytes = 0;
		this.end();
	}

	/** Removes and returns the oldest event. Returns `undefined` if the queue is empty. */
	take(): E | undefined {
		const first = this.#entries.first;
		if (first === undefined) return undefined;
		this.#remove(first);
		return first.value.event;
	}

	/** Drops the oldest or the newest droppable event. Returns false if there is none. */
	drop(which: "oldest" | "newest"): boolean {
		const place = which === "oldest" ? this.#droppable.first : this.#droppable.last;
		if (place !== undefined) this.#remove(place.value);
		return place !== undefined;
	}

	/** Removes every droppable event after the last mark. Without a mark, or after it was taken, removes all droppable events. */
	withdrawAfterMark(): void {
		for (let link = this.#droppable.last?.value; link !== undefined && link.value.number > this.#mark; link = this.#droppable.last?.value) {
			this.#remove(link);
		}
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

	#add(event: E, bytes: number, droppable: boolean): void {
		this.#pushed += 1;
		const entry: Entry<E> = { event, bytes, number: this.#pushed, place: undefined };
		const link = this.#entries.append(entry);
		if (droppable) {
			entry.place = this.#droppable.append(link);
			this.#droppableBytes += bytes;
		}
		if (this.#options.isMark?.(event) === true) this.#mark = this.#pushed;
		this.#bytes += bytes;
		this.#options.memory?.count(bytes);
		this.#readable.notifyAll();
	}

	#remove(link: Link<Entry<E>>): void {
		const { bytes, place } = link.value;
		this.#entries.remove(link);
		this.#bytes -= bytes;
		this.#options.memory?.release(bytes);
		if (place !== undefined) {
			this.#droppable.remove(place);
			this.#droppableBytes -= bytes;
		}
		this.#writable.notifyAll();
	}
}
