import type { HostMemory } from "../../../memory/memory-kinds.ts";
import type { FdObject } from "../fd-table.ts";
import { FrameQueue } from "../frame-queue.ts";

/** State of a stream: nothing has come from the user, something has come, the user has gone. */
export type ChannelState = "Init" | "Connected" | "Closed";

/** Most descriptors of a stream. Each frame notifies all of them, within one call of the guest. */
const MAX_DESCRIPTORS = 64;

/** A stream by its number, which all descriptors of the number share. */
export class Channel {
	readonly id: number;
	state: ChannelState = "Init";
	/** Frames from the user. */
	readonly inbound: FrameQueue;
	/** Number of the frames from the guest that wait. */
	outboundLength = 0;
	/** Size of these frames, in bytes. */
	outboundBytes = 0;
	/** Size of the frame that the guest could not write last, in bytes. The stream is writable when as much fits. */
	neededBytes = 1;
	readonly #descriptors = new Set<FdObject>();

	constructor(id: number, memory: HostMemory) {
		this.id = id;
		this.inbound = new FrameQueue(memory);
	}

	/** True if the stream has no descriptor and no frame, and is not connected. */
	get isUnused(): boolean {
		return this.#descriptors.size === 0 && this.state !== "Connected" && this.inbound.length === 0 && this.outboundLength === 0;
	}

	/** True if the stream can have one more descriptor. */
	get hasRoom(): boolean {
		return this.#descriptors.size < MAX_DESCRIPTORS;
	}

	/** Adds a descriptor, which is notified of changes. */
	attach(descriptor: FdObject): void {
		this.#descriptors.add(descriptor);
	}

	detach(descriptor: FdObject): void {
		this.#descriptors.delete(descriptor);
	}

	/** Notifies the descriptors that their masks may have changed. */
	notify(): void {
		for (const descriptor of this.#descriptors) descriptor.onChange();
	}
}
