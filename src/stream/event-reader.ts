import { SpearError } from "../errors/spear-error.ts";
import type { EventQueue } from "./event-queue.ts";

export interface EventReaderOptions<E> {
	/** Noun for error messages: `stream` or `session`. */
	readonly noun: string;
	readonly isTerminal: (event: E) => boolean;
	/** Called with each event that the guest takes, before the guest receives the event. */
	readonly onDeliver?: (event: E) => void;
	/** Called once, when the guest takes the terminal event. */
	readonly onTerminal?: () => void;
}

/** The guest's end of a queue. Returns events in order up to the terminal event. */
export class EventReader<E> {
	readonly #queue: EventQueue<E>;
	readonly #options: EventReaderOptions<E>;
	#delivered = false;

	constructor(queue: EventQueue<E>, options: EventReaderOptions<E>) {
		this.#queue = queue;
		this.#options = options;
	}

	/**
	 * Waits for the next event.
	 *
	 * @throws SpearError `invalid_request` after the terminal event.
	 */
	next(): Promise<E> {
		if (!this.#queue.isReady()) return this.#queue.whenReady().then(() => this.#take());
		try {
			return Promise.resolve(this.#take());
		} catch (thrown) {
			return Promise.reject(thrown);
		}
	}

	#take(): E {
		const event = this.tryNext();
		if (event === undefined) throw this.#ended();
		return event;
	}

	/**
	 * Returns the next event, or `undefined` if none is queued.
	 *
	 * @throws SpearError `invalid_request` after the terminal event.
	 */
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
		return new SpearError("invalid_request", `the ${this.#options.noun} has ended: its terminal event was delivered; drop the handle`);
	}
}
