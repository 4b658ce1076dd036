import { SpearError } from "../errors/spear-error.ts";
import type { EventQueue } from "./event-queue.ts";

export interface EventReaderOptions<E> {
	/** What is read, for messages: `stream` or `session`. */
	readonly what: string;
	readonly isTerminal: (event: E) => boolean;
	/** Sees each event as the guest takes it, before the guest does. */
	readonly onDeliver?: (event: E) => void;
	/** Called once, as the terminal event is taken. */
	readonly onTerminal?: () => void;
}

/** The guest's end of a queue: events in order up to the terminal one, and `invalid_request` after it. */
export class EventReader<E> {
	readonly #queue: EventQueue<E>;
	readonly #options: EventReaderOptions<E>;
	#delivered = false;

	constructor(queue: EventQueue<E>, options: EventReaderOptions<E>) {
		this.#queue = queue;
		this.#options = options;
	}

	/** Waits for the next event. */
	async next(): Promise<E> {
		await this.#queue.whenReady();
		const event = this.tryNext();
		if (event === undefined) throw this.#ended();
		return event;
	}

	/** The next event, if one is there. */
	tryNext(): E | undefined {
		if (this.#delivered || this.#queue.drained) throw this.#ended();
		const event = this.#queue.take();
		if (event === undefined) return undefined;
		this.#options.onDeliver?.(event);
		if (this.#options.isTerminal(event)) {
			this.#delivered = true;
			this.#options.onTerminal?.();
		}
		return event;
	}

	#ended(): SpearError {
		return new SpearError("invalid_request", `the ${this.#options.what} has ended: its terminal event was delivered; drop the handle`);
	}
}
