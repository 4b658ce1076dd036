import { LinkedList } from "../../collections/linked-list.ts";
import type { HostMemory } from "../../memory/memory-kinds.ts";

/** Memory of a frame beside its bytes, in bytes: objects in the heap, and an allocation of its own. */
const FRAME_OVERHEAD = 256;

/** Frames that wait, in order. Counted in the account of the guest. */
export class FrameQueue {
	readonly #frames = new LinkedList<Uint8Array>();
	readonly #memory: HostMemory;
	#bytes = 0;

	constructor(memory: HostMemory) {
		this.#memory = memory;
	}

	/** Sum of the frames, in bytes. */
	get bytes(): number {
		return this.#bytes;
	}

	get length(): number {
		return this.#frames.length;
	}

	/** The oldest frame. */
	get first(): Uint8Array | undefined {
		return this.#frames.first?.value;
	}

	/** Returns true if the account has room for a frame. */
	hasMemory(bytes: number): boolean {
		return this.#memory.hasRoom(bytes + FRAME_OVERHEAD);
	}

	push(frame: Uint8Array): void {
		this.#frames.append(frame);
		this.#bytes += frame.byteLength;
		this.#memory.count("queues", frame.byteLength + FRAME_OVERHEAD);
	}

	/** Removes and returns the oldest frame. */
	take(): Uint8Array | undefined {
		const frame = this.#frames.takeFirst();
		if (frame === undefined) return undefined;
		this.#bytes -= frame.byteLength;
		this.#memory.release("queues", frame.byteLength + FRAME_OVERHEAD);
		return frame;
	}

	/** Removes and returns all frames. */
	takeAll(): readonly Uint8Array[] {
		const frames: Uint8Array[] = [];
		for (let frame = this.take(); frame !== undefined; frame = this.take()) frames.push(frame);
		return frames;
	}
}
