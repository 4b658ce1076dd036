import { abortError, SpearError } from "../errors/spear-error.ts";
import { type Emitted, type RunOutput, toRunOutput } from "../hostcall/emitted.ts";
import { queueMemory } from "../hostcall/queue-memory.ts";
import type { HostMemory } from "../memory/memory-kinds.ts";
import { eventBytes } from "../stream/event-bytes.ts";
import { EventQueue, type QueueMemory } from "../stream/event-queue.ts";

/** The output of one run, between its guest and its reader. Discards everything while there is no reader. */
export class OutputChannel {
	readonly #queue: EventQueue<Emitted>;
	readonly #cancel = new AbortController();
	#state: "unread" | "read" | "left" = "unread";
	/** Memory of the instance. Absent before the run has one. */
	#memory: HostMemory | undefined;
	#failure: { readonly thrown: unknown } | undefined;

	/** @param maxBytes Size of the output that may wait for the reader. A single text or event may exceed it. */
	constructor(maxBytes: number) {
		this.#queue = new EventQueue<Emitted>({ maxBytes, sizeOf: eventBytes, memory: this.#account() });
	}

	/** True while a reader receives the output. */
	get isRead(): boolean {
		return this.#state === "read";
	}

	/** True once a reader has asked for output. */
	get wasRead(): boolean {
		return this.#state !== "unread";
	}

	/** Aborted when the reader leaves before the end, and when the run is cancelled. */
	get left(): AbortSignal {
		return this.#cancel.signal;
	}

	/** Ends the run, as a reader that leaves does. Has no effect after the end. */
	cancel(message: string): void {
		if (!this.#queue.ended) this.#cancel.abort(new SpearError("cancelled", message));
	}

	/** Sets the account that the waiting output is charged to. Called before the first output. */
	connect(memory: HostMemory): void {
		this.#memory = memory;
	}

	/**
	 * Passes output to the reader. Returns a promise only if the queue has no room: it resolves when the output is queued.
	 *
	 * @param signal Ends the wait.
	 * @throws SpearError `not_permitted`, `rate_limited` if the memory account has no room; the reason of `signal`.
	 */
	emit(output: Emitted, signal: AbortSignal): Promise<void> | undefined {
		if (this.#state !== "read" || this.#queue.ended) return undefined;
		const bytes = eventBytes(output);
		if (this.#queue.hasRoom(bytes)) {
			this.#push(output, bytes);
			return undefined;
		}
		return this.#pushLater(output, bytes, signal);
	}

	/** Ends the output. The reader receives what is queued, and then the failure. Has no effect after another end. */
	end(failure?: { readonly thrown: unknown }): void {
		if (this.#queue.ended) return;
		this.#failure = failure;
		this.#queue.end();
		this.#detach();
	}

	/** Ends the output with a failure. The reader receives the failure next. */
	abort(thrown: unknown): void {
		if (this.#queue.ended) return;
		this.#failure = { thrown };
		this.#queue.discard();
		this.#detach();
	}

	/** Releases what the account holds: the rest is no longer the guest's, and a reader may never come for it. */
	#detach(): void {
		this.#memory?.release("queues", this.#queue.bytes);
		this.#memory = undefined;
	}

	/**
	 * Begins to read.
	 *
	 * @param ended Settles when the run has ended. A reader that leaves waits for that.
	 * @throws SpearError `invalid_request` for a second reader.
	 */
	read(ended: Promise<unknown>): AsyncIterator<RunOutput, void, void> {
		if (this.#state !== "unread")
			throw new SpearError("invalid_request", "the output of a run is read once; keep what the first loop receives");
		this.#state = "read";
		return {
			next: () => this.#next(),
			return: async () => {
				await this.#leave(ended);
				return { done: true, value: undefined };
			},
		};
	}

	async #next(): Promise<IteratorResult<RunOutput, void>> {
		for (;;) {
			const output = this.#queue.take();
			if (output !== undefined) return { done: false, value: toRunOutput(output) };
			if (this.#queue.ended) break;
			await this.#queue.whenReady();
		}
		const failure = this.#failure;
		this.#failure = undefined;
		if (failure !== undefined) throw failure.thrown;
		return { done: true, value: undefined };
	}

	async #leave(ended: Promise<unknown>): Promise<void> {
		this.#state = "left";
		if (!this.#queue.ended) this.#cancel.abort(new SpearError("cancelled", "the reader of the run's output has left"));
		this.#queue.discard();
		this.#failure = undefined;
		await ended.catch(() => {});
	}

	#push(output: Emitted, bytes: number): void {
		this.#memory?.assertRoom("queues", bytes);
		this.#queue.push(output);
	}

	async #pushLater(output: Emitted, bytes: number, signal: AbortSignal): Promise<void> {
		await this.#queue.whenWritable(signal, bytes);
		if (signal.aborted) throw abortError(signal);
		if (!this.#queue.ended) this.#push(output, bytes);
	}

	#account(): QueueMemory {
		const account = (): QueueMemory | undefined => (this.#memory === undefined ? undefined : queueMemory(this.#memory));
		return {
			count: (bytes) => account()?.count(bytes),
			release: (bytes) => account()?.release(bytes),
			hasRoom: (bytes) => account()?.hasRoom(bytes) ?? true,
			assertRoom: (bytes) => account()?.assertRoom(bytes),
		};
	}
}
