import { addAbortListener } from "../async/abort-listeners.ts";
import { ARRIVED, type ArrivingIterator } from "../async/arrived.ts";
import { SpearError } from "../errors/spear-error.ts";
import { EventQueue, type QueueMemory } from "./event-queue.ts";
import { EventReader } from "./event-reader.ts";
import type { Readiness } from "./readiness.ts";

export interface EventStreamOptions<E> {
	/** Opens the upstream. The events end with one terminal event or a throw, and end soon after `signal` is aborted. */
	readonly open: (signal: AbortSignal) => AsyncIterable<E>;
	readonly isTerminal: (event: E) => boolean;
	/** Returns the terminal event that reports a failure. */
	readonly failed: (error: SpearError) => E;
	/** Most bytes of events that wait for the guest. */
	readonly maxBytes: number;
	/** Returns the size of an event, in bytes. */
	readonly sizeOf: (event: E) => number;
	/** Charged with the events that wait. The upstream is held back while the account is full. The default is none. */
	readonly memory?: QueueMemory;
	/** Aborted when the guest's run ends. */
	readonly signal: AbortSignal;
	/** Called with each event that arrives from the upstream. */
	readonly onReceive?: (event: E) => void;
	/** Called with each event that the guest takes, before the guest receives the event. */
	readonly onDeliver?: (event: E) => void;
	/** Called once, when the guest has taken the terminal event or dropped the handle. */
	readonly onClose?: () => void;
}

/**
 * A guest's stream of any family. Reads the upstream into a bounded queue, and delivers exactly one terminal event, even if the upstream
 * throws or stops without one.
 */
export class EventStream<E> {
	readonly #options: EventStreamOptions<E>;
	readonly #queue: EventQueue<E>;
	readonly #reader: EventReader<E>;
	readonly #abort = new AbortController();
	readonly #finished: Promise<void>;
	#closed = false;

	constructor(options: EventStreamOptions<E>) {
		this.#options = options;
		this.#queue = new EventQueue({ maxBytes: options.maxBytes, sizeOf: options.sizeOf, memory: options.memory });
		this.#reader = new EventReader(this.#queue, { noun: "stream", onTerminal: () => this.#close(), ...options });
		this.#finished = this.#run();
	}

	/**
	 * Waits for the next event.
	 *
	 * @throws SpearError `invalid_request` after the terminal event.
	 */
	next(): Promise<E> {
		return this.#reader.next();
	}

	/**
	 * Returns the next event, or `undefined` if none is queued.
	 *
	 * @throws SpearError `invalid_request` after the terminal event.
	 */
	tryNext(): E | undefined {
		return this.#reader.tryNext();
	}

	/** Ready when `next` would not wait. */
	get readiness(): Readiness {
		return this.#queue;
	}

	/** Ends the stream: aborts the upstream and removes every queued event. */
	[Symbol.dispose](): void {
		this.#abort.abort(new SpearError("cancelled", "the stream's handle was dropped"));
		this.#queue.discard();
		this.#close();
	}

	/** Resolves when the upstream has ended. Never rejects. */
	get finished(): Promise<void> {
		return this.#finished;
	}

	async #run(): Promise<void> {
		const { signal: ofRun, open, failed } = this.#options;
		const { signal } = this.#abort;
		const onAbort = (): void => this.#abort.abort(ofRun.reason);
		const listener = addAbortListener(ofRun, onAbort);
		if (ofRun.aborted) onAbort();
		try {
			await this.#receive(open(signal)[Symbol.asyncIterator](), signal);
		} catch (thrown) {
			this.#queue.end(failed(SpearError.from(thrown)));
		} finally {
			listener?.remove();
			this.#queue.end();
		}
	}

	/** Reads events up to the terminal one. Waits only for events that have not arrived, and while the queue is full. */
	async #receive(events: ArrivingIterator<E>, signal: AbortSignal): Promise<void> {
		for (;;) {
			const step = events[ARRIVED]?.() ?? (await events.next());
			if (step.done === true) throw endedEarly();
			try {
				this.#options.onReceive?.(step.value);
				this.#queue.push(step.value);
				if (this.#options.isTerminal(step.value)) break;
				if (!this.#queue.hasRoom(1)) await this.#queue.whenWritable(signal);
				if (signal.aborted) throw signal.reason;
			} catch (thrown) {
				await leave(events).catch(() => {}); // The first failure counts.
				throw thrown;
			}
		}
		await leave(events);
	}

	#close(): void {
		if (this.#closed) return;
		this.#closed = true;
		this.#options.onClose?.();
	}
}

async function leave(events: AsyncIterator<unknown>): Promise<void> {
	await events.return?.();
}

function endedEarly(): SpearError {
	return new SpearError("backend_error", "the upstream ended the stream without completing the answer", {
		retryable: true,
		processed: "unknown",
	});
}
