import process from "node:process";
import { compact } from "./compact.ts";

/** Part of a port or a worker that sends. */
export interface Channel<M> {
	postMessage(messages: readonly M[], transfer: readonly ArrayBuffer[]): void;
}

/**
 * Sends messages in batches: all that arise before the thread returns to its event loop go in one list. A list costs hardly more than one
 * message.
 */
export class Outbox<M extends object> {
	readonly #channel: Channel<M>;
	readonly #onUnsendable: (message: M, cause: unknown) => void;
	#queued: M[] = [];
	#transfer: ArrayBuffer[] = [];

	/** @param onUnsendable Called for a message that cannot be copied. The others of its batch are sent. */
	constructor(channel: Channel<M>, onUnsendable: (message: M, cause: unknown) => void) {
		this.#channel = channel;
		this.#onUnsendable = onUnsendable;
	}

	/** Queues a message. Typed arrays in it are copied, and the copies move. */
	post(message: M): void {
		if (this.#queued.length === 0) process.nextTick(() => this.flush());
		const { value, transfer } = compact(message);
		this.#queued.push(value);
		this.#transfer.push(...transfer);
	}

	/** Sends the queued messages now. */
	flush(): void {
		const messages = this.#queued;
		if (messages.length === 0) return;
		const transfer = this.#transfer;
		this.#queued = [];
		this.#transfer = [];
		try {
			this.#channel.postMessage(messages, transfer);
		} catch {
			for (const message of messages) this.#sendAlone(message);
		}
	}

	#sendAlone(message: M): void {
		try {
			const { value, transfer } = compact(message);
			this.#channel.postMessage([value], transfer);
		} catch (cause) {
			this.#onUnsendable(message, cause);
		}
	}
}
