import type * as rt from "../../../generated/ir/rt.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { BoundedQueue } from "../bounded-queue.ts";
import { eventBytes } from "../event-bytes.ts";
import type { QueueMemory } from "../event-queue.ts";
import { EventReader } from "../event-reader.ts";
import type { Readiness } from "../readiness.ts";
import { isDroppableEvent } from "./droppable.ts";

/** The caller determines how fast events are read, so an overflow does not count against the backend. */
const BY_CALLER = { attribution: "caller" } as const;

/** Events of a session, from the channel to the guest. */
export class ReceiveQueue {
	readonly #bounds: rt.Queue;
	readonly #queue: BoundedQueue<rt.Event>;
	readonly #reader: EventReader<rt.Event>;
	readonly #onBlocked: () => void;
	#blocked = false;
	#audioBytes = 0;

	/**
	 * @param onBlocked Called when an event starts to wait for the guest to read.
	 * @param memory Charged with the queued events.
	 */
	constructor(bounds: rt.Queue, onBlocked: () => void, memory?: QueueMemory) {
		this.#bounds = bounds;
		this.#queue = new BoundedQueue({
			maxBytes: bounds.max_bytes,
			overflow: bounds.overflow,
			sizeOf: eventBytes,
			isDroppable: isDroppableEvent,
			memory,
		});
		this.#reader = new EventReader(this.#queue, {
			noun: "session",
			isTerminal: (event) => event.type === "completed" || event.type === "failed",
		});
		this.#onBlocked = onBlocked;
	}

	/** Bytes of audio that the channel has delivered, including dropped audio. */
	get audioBytes(): number {
		return this.#audioBytes;
	}

	/** Number of events that were dropped. Includes an event that waits, because the end of the session drops it. */
	get droppedCount(): number {
		return this.#queue.droppedCount + (this.#blocked ? 1 : 0);
	}

	/** True while an event waits for the guest to read. */
	get blocked(): boolean {
		return this.#blocked;
	}

	/** Ready when `next` would not wait. */
	get readiness(): Readiness {
		return this.#queue;
	}

	/** Waits for the next event. */
	next(): Promise<rt.Event> {
		return this.#reader.next();
	}

	/** Returns the next event, or `undefined` if none is queued. */
	tryNext(): rt.Event | undefined {
		return this.#reader.tryNext();
	}

	/**
	 * Queues an event. With the overflow policy `refuse`, waits until the event fits or `signal` is aborted.
	 *
	 * @throws SpearError `rate_limited` for an event that does not fit: with the policy `fail`, and for an event that may not be dropped.
	 */
	async push(event: rt.Event, signal: AbortSignal): Promise<void> {
		if (event.type === "audio") this.#audioBytes += event.audio.audio.byteLength;
		const { max_bytes, overflow } = this.#bounds;
		if (overflow === "refuse") return this.#pushWhenWritable(event, signal);
		const result = this.#queue.tryPush(event);
		if (result === "queued" || result === "dropped") return;
		const reason = result === "overflow" ? "its overflow policy is to fail" : `a ${event.type} event may not be dropped`;
		throw new SpearError(
			"rate_limited",
			`the receive queue of ${max_bytes} bytes is full, and ${reason}; read faster or request a larger queue`,
			BY_CALLER,
		);
	}

	/** Queues the terminal event. Later pushes have no effect. */
	end(terminal: rt.Event): void {
		this.#queue.end(terminal);
	}

	/** Removes every event and ends the queue. */
	discard(): void {
		this.#queue.discard();
	}

	async #pushWhenWritable(event: rt.Event, signal: AbortSignal): Promise<void> {
		const bytes = eventBytes(event);
		if (!this.#queue.hasRoom(bytes)) {
			this.#blocked = true;
			this.#onBlocked();
			await this.#queue.whenWritable(signal, bytes);
			this.#blocked = false;
		}
		this.#queue.push(event);
	}
}
