import { ENOMEM, type Status } from "../../../../generated/hostcall/core/errno.ts";
import type { HostMemory } from "../../../memory/memory-kinds.ts";
import { eventBytes } from "../../../stream/event-bytes.ts";
import { EventQueue } from "../../../stream/event-queue.ts";
import { queueMemory } from "../../queue-memory.ts";
import type { TranscriptionInput } from "./transport.ts";

/** Input that waits for a connection, counted in the account of the guest. The owner bounds it. */
export class InputQueue {
	readonly #memory: HostMemory;
	readonly #queue: EventQueue<TranscriptionInput>;

	constructor(memory: HostMemory) {
		this.#memory = memory;
		this.#queue = new EventQueue<TranscriptionInput>({
			maxBytes: Number.POSITIVE_INFINITY,
			sizeOf: eventBytes,
			isMark: ({ type }) => type === "commit",
			memory: queueMemory(memory),
		});
	}

	/** Bytes of the input. */
	get bytes(): number {
		return this.#queue.bytes;
	}

	/** Adds input, or returns `enomem` if the guest has no memory left. A `clear` removes the audio since the last commit. */
	push(input: TranscriptionInput): Status {
		if (input.type === "clear") this.#queue.withdrawAfterMark();
		else if (!this.#memory.hasRoom(eventBytes(input))) return ENOMEM;
		else this.#queue.push(input, input.type === "append_audio");
		return 0;
	}

	/** Removes and returns the oldest input. */
	take(): TranscriptionInput | undefined {
		return this.#queue.take();
	}

	/** Removes all input, and ends the queue. */
	discard(): void {
		this.#queue.discard();
	}
}
