import type { Overflow } from "../../generated/ir/rt.ts";
import { EventQueue, type EventQueueOptions } from "./event-queue.ts";
import type { Readiness } from "./readiness.ts";

/**
 * What became of an offer: `taken`; `dropped`, as the policy has it; `refused`, for it may not be dropped or the policy is to
 * refuse; `overflow`, when the policy is to fail.
 */
export type PushResult = "taken" | "dropped" | "refused" | "overflow";

export interface BoundedQueueOptions<E> extends EventQueueOptions<E> {
	readonly overflow: Overflow;
	/** Whether an event may be dropped to make room. All others keep their place whatever comes. */
	readonly isDroppable: (event: E) => boolean;
}

/** A queue that never holds more than its bound, and says by a policy, and in exact numbers, what it could not hold. */
export class BoundedQueue<E> extends EventQueue<E> {
	readonly #bounds: BoundedQueueOptions<E>;
	#lost = 0;
	/** Size of the piece refused last, until something is taken in again. */
	#wanted = 1;

	constructor(options: BoundedQueueOptions<E>) {
		super(options);
		this.#bounds = options;
	}

	/** How many events were dropped or refused so far. */
	get droppedCount(): number {
		return this.#lost;
	}

	/** Adds an event if it fits, or if the policy makes room for it. Not to be called after `end`. */
	tryPush(event: E): PushResult {
		const { maxBytes, sizeOf, isDroppable, overflow } = this.#bounds;
		const bytes = sizeOf(event);
		const droppable = isDroppable(event);
		if (this.bytes + bytes > maxBytes) {
			if (overflow === "refuse") return this.#refuse(bytes);
			if (overflow === "fail") return this.#lose("overflow");
			if (droppable && overflow === "drop_newest") return this.#lose("dropped");
			if (this.bytes - this.droppableBytes + bytes > maxBytes) return droppable ? this.#lose("dropped") : this.#refuse(bytes);
			const which = overflow === "drop_oldest" ? "oldest" : "newest";
			while (this.bytes + bytes > maxBytes && this.drop(which)) this.#lost += 1;
		}
		this.#wanted = 1;
		this.push(event, droppable);
		return "taken";
	}

	/** Ready when the piece refused last would fit, or any when none was; also when the queue has ended. */
	get writable(): Readiness {
		return {
			isReady: () => this.ended || this.bytes + this.#wanted <= this.#bounds.maxBytes,
			onReady: (notify) => this.onWritable(notify),
		};
	}

	#refuse(bytes: number): PushResult {
		// What can never fit is not waited for.
		this.#wanted = Math.min(bytes, this.#bounds.maxBytes);
		return this.#lose("refused");
	}

	#lose(offer: PushResult): PushResult {
		this.#lost += 1;
		return offer;
	}
}
