import { SpearError } from "../errors/spear-error.ts";
import { EventQueue } from "./event-queue.ts";
import { EventReader } from "./event-reader.ts";
import type { Readiness } from "./readiness.ts";

export interface EventStreamOptions<E> {
	/** Opens the upstream; its events end in one terminal event, or it throws. It must end soon after `signal` is aborted. */
	readonly open: (signal: AbortSignal) => AsyncIterable<E>;
	readonly isTerminal: (event: E) => boolean;
	/** The terminal event that reports a failure. */
	readonly failed: (error: SpearError) => E;
	/** Bytes of events that may wait for the guest. */
	readonly maxBytes: number;
	readonly sizeOf: (event: E) => number;
	/** Aborted when the guest's run ends. */
	readonly signal: AbortSignal;
	/** Sees each event as it arrives from the upstream. */
	readonly onReceive?: (event: E) => void;
	/** Sees each event as the guest takes it, before the guest does. */
	readonly onDeliver?: (event: E) => void;
	/** Called once, when the terminal event was delivered or the handle dropped. */
	readonly onClose?: () => void;
}

/**
 * The one stream a guest sees, whatever its family: reads the upstream into a bounded queue, and makes sure of exactly
 * one terminal event, whether the upstream ends well, breaks off, or stops without saying so.
 */
export class EventStream<E> {
	readonly #options: EventStreamOptions<E>;
	readonly #queue: EventQueue<E>;
	readonly #reader: EventReader<E>;
	readonly #abort = new AbortController();
	readonly #pump: Promise<void>;
	#closed = false;

	constructor(options: EventStreamOptions<E>) {
		this.#options = options;
		this.#queue = new EventQueue({ maxBytes: options.maxBytes, sizeOf: options.sizeOf });
		this.#reader = new EventReader(this.#queue, { what: "stream", onTerminal: () => this.#close(), ...options });
		this.#pump = this.#run();
	}

	/** Waits for the next event. */
	next(): Promise<E> {
		return this.#reader.next();
	}

	/** The next event, if one is there. */
	tryNext(): E | undefined {
		return this.#reader.tryNext();
	}

	/** Ready when `next` would not wait. */
	get readiness(): Readiness {
		return this.#queue;
	}

	/** Ends the stream: aborts the upstream and throws away what waits. */
	[Symbol.dispose](): void {
		this.#abort.abort(new SpearError("cancelled", "the stream's handle was dropped"));
		this.#queue.discard();
		this.#close();
	}

	/** Settles when the upstream is done with, for tests and for an orderly end. */
	get finished(): Promise<void> {
		return this.#pump;
	}

	async #run(): Promise<void> {
		const signal = AbortSignal.any([this.#options.signal, this.#abort.signal]);
		try {
			for await (const event of this.#options.open(signal)) {
				this.#options.onReceive?.(event);
				this.#queue.push(event);
				if (this.#options.isTerminal(event)) return;
				await this.#queue.whenWritable(signal);
				if (signal.aborted) throw signal.reason;
			}
			throw new SpearError("backend_error", "the upstream ended the stream without completing the answer", {
				retryable: true,
				processed: "unknown",
			});
		} catch (thrown) {
			this.#queue.end(this.#options.failed(SpearError.from(thrown)));
		} finally {
			this.#queue.end();
		}
	}

	#close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#options.onClose?.();
	}
}
