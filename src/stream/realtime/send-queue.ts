import type { RealtimeVoiceChannel, RealtimeVoiceInput } from "../../../generated/backends/realtime-voice.ts";
import type * as rt from "../../../generated/ir/rt.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { BoundedQueue } from "../bounded-queue.ts";
import { eventBytes } from "../event-bytes.ts";
import type { QueueMemory } from "../event-queue.ts";
import type { Readiness } from "../readiness.ts";
import { isDroppableInput } from "./droppable.ts";

/** The caller determines the amount of input, so an overflow does not count against the backend. */
const BY_CALLER = { attribution: "caller" } as const;

/** Input of a session, from the guest to the channel. */
export class SendQueue {
	readonly #maxBytes: number;
	readonly #queue: BoundedQueue<RealtimeVoiceInput>;
	readonly #onSent: () => void;
	readonly #memory: QueueMemory | undefined;
	/** True while the channel sends input that was taken from the queue. */
	#sending = false;
	#sentAudioBytes = 0;

	/**
	 * @param onSent Called each time the last queued input has been sent.
	 * @param memory Charged with the queued input.
	 */
	constructor({ max_bytes, overflow }: rt.Queue, onSent: () => void, memory?: QueueMemory) {
		this.#maxBytes = max_bytes;
		this.#memory = memory;
		this.#queue = new BoundedQueue({
			maxBytes: max_bytes,
			overflow,
			sizeOf: eventBytes,
			isDroppable: isDroppableInput,
			isMark: ({ type }) => type === "commit",
			memory,
		});
		this.#onSent = onSent;
	}

	/** Bytes of audio that the channel has sent. */
	get sentAudioBytes(): number {
		return this.#sentAudioBytes;
	}

	/** Bytes of the input that waits. */
	get bytes(): number {
		return this.#queue.bytes;
	}

	/** Number of inputs that were dropped or refused. */
	get droppedCount(): number {
		return this.#queue.droppedCount;
	}

	/** True if the channel has sent all input. */
	get idle(): boolean {
		return this.#queue.length === 0 && !this.#sending;
	}

	/** Ready when the queue has room: for the last refused input, or for any input if none was refused since. */
	get writable(): Readiness {
		return this.#queue.writable;
	}

	/**
	 * Queues input whole or not at all. `clear` removes the audio since the last commit, which does not count as dropped.
	 *
	 * @returns The bytes of audio that were queued. With the overflow policy `fail`, an input that does not fit returns the error that has
	 * to end the session.
	 * @throws SpearError `invalid_request` for input that never fits; `rate_limited` for input that does not fit now; `not_permitted`
	 * or `rate_limited` if the account has no room.
	 */
	push(input: RealtimeVoiceInput): rt.Accepted | SpearError {
		if (input.type === "clear") this.#queue.withdrawAfterMark();
		const bytes = eventBytes(input);
		if (bytes > this.#maxBytes) {
			throw new SpearError(
				"invalid_request",
				`${input.type}: ${bytes} bytes never fit into a send queue of ${this.#maxBytes}; send smaller pieces`,
			);
		}
		this.#memory?.assertRoom(bytes);
		const result = this.#queue.tryPush(input);
		const full = `the send queue is full: ${this.#queue.bytes} of ${this.#maxBytes} bytes wait to be sent`;
		if (result === "refused") throw new SpearError("rate_limited", `${full}; wait for subscribe-send`, BY_CALLER);
		if (result === "overflow") return new SpearError("rate_limited", `${full}, and its overflow policy is to fail`, BY_CALLER);
		const queued = result === "queued" && input.type === "append_audio" ? input.audio.byteLength : 0;
		return { bytes: queued, queued_bytes: this.#queue.bytes };
	}

	/** Sends input to the channel in order, until the queue is discarded. Rejects as the channel does. */
	async sendTo(channel: RealtimeVoiceChannel): Promise<void> {
		for (;;) {
			await this.#queue.whenReady();
			const input = this.#queue.take();
			if (input === undefined) return;
			this.#sending = true;
			await channel.send(input);
			this.#sending = false;
			if (input.type === "append_audio") this.#sentAudioBytes += input.audio.byteLength;
			if (this.#queue.length === 0) this.#onSent();
		}
	}

	/** Removes all input that was not sent, and ends the queue. */
	discard(): void {
		this.#queue.discard();
	}
}
