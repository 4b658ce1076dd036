import type { Overflow } from "../../generated/ir/rt.ts";
import { EventQueue, type EventQueueOptions } from "./event-queue.ts";
import type { Readiness } from "./readiness.ts";

/**
 * Outcome of a push.
 * - `queued`: the event is in the queue.
 * - `dropped`: the queue dropped the event, by its overflow policy.
 * - `refused`: the event does not fit. The policy is to refuse, or the event may not be dropped.
 * - `overflow`: the event does not fit, and the policy is to fail.
 */
export type PushResult = "queued" | "dropped" | "refused" | "overflow";

export interface BoundedQueueOptions<E> extends EventQueueOptions<E> {
	readonly overflow: Overflow;
	/** Returns true for an event that may be dropped to make room. All other events stay until they are taken. */
	readonly isDroppable: (event: E) => boolean;
}

/** A queue that never exceeds its bound. An overflow policy decides about events that do not fit, and a counter counts them. */
export class BoundedQueue<E> extends EventQueue<E> {
	readonly #bounds: BoundedQueueOptions<E>;
	#dropped = 0;
	/** Bytes that have to be free before the queue is writable: those of the last refused event, or 1 after an event was queued. */
	#neededBytes = 1;

	constructor(options: BoundedQueueOptions<E>) {
		super(options);
		this.#bounds = options;
	}

	/** Number of events that were dropped or refused. */
	get droppedCount(): number {
		return this.#dropped;
	}

	/** Adds an event if it fits, or if the overflow policy makes room for it. Must not be called after `end`. */
	tryPush(event: E): PushResult {
		const { maxBytes, sizeOf, isDroppable, overflow } = this.#bounds;
		const bytes = sizeOf(event);
		const droppable = isDroppable(event);
		if (!this.fits(bytes)) {
			if (overflow === "refuse") return this.#refuse(bytes);
			if (overflow === "fail") return this.#count("overflow");
			if (droppable && overflow === "drop_newest") return this.#count("dropped");
			if (this.bytes - this.droppableBytes + bytes > maxBytes) return droppable ? this.#count("dropped") : this.#refuse(bytes);
			const which = overflow === "drop_oldest" ? "oldest" : "newest";
			while (!this.fits(bytes) && this.drop(which)) this.#dropped += 1;
		}
		this.#neededBytes = 1;
		this.push(event, droppable);
		return "queued";
	}

	/** Ready when the last refused event would fit. If none was refused since the last push, ready for any event. Ready after `end`. */
	get writable(): Readiness {
		return {
			isReady: () => this.ended || this.bytes + this.#neededBytes <= this.#bounds.maxBytes,
			onReady: (notify) => this.onWritable(notify),
		};
	}

	#refuse(bytes: number): PushResult {
		// An event larger than the queue never fits. Waiting for its size would never end.
		this.#neededBytes = Math.min(bytes, this.#bounds.maxBytes);
		return this.#count("refused");
	}

	#count(result: PushResult): PushResult {
		this.#dropped += 1;
		return result;
	}
}
