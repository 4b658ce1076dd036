import type { HostMemory } from "../../../memory/memory-kinds.ts";
import { FrameQueue } from "../frame-queue.ts";

/** Events that wait for the guest. Beyond the limit the oldest are dropped. */
export class ReceivedEvents {
	readonly #queue: FrameQueue;
	#dropped = 0;

	constructor(memory: HostMemory) {
		this.#queue = new FrameQueue(memory);
	}

	/** Sum of the events, in bytes. */
	get bytes(): number {
		return this.#queue.bytes;
	}

	/** Number of events that were dropped. */
	get dropped(): number {
		return this.#dropped;
	}

	/** The oldest event. */
	get first(): Uint8Array | undefined {
		return this.#queue.first;
	}

	/** Adds an event. Drops it if it is larger than the limit. */
	push(json: string, maxBytes: number): void {
		const event = Buffer.from(json);
		const bytes = event.byteLength;
		if (bytes > maxBytes) {
			this.#dropped += 1;
			return;
		}
		while (this.#queue.length > 0 && (this.#queue.bytes + bytes > maxBytes || !this.#queue.hasMemory(bytes))) this.#drop();
		this.#queue.push(event);
	}

	/** Removes the oldest event. */
	take(): void {
		this.#queue.take();
	}

	/** Removes all events. */
	discard(): void {
		this.#queue.takeAll();
	}

	#drop(): void {
		this.#queue.take();
		this.#dropped += 1;
	}
}
