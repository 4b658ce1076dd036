import { ReadableStream, type ReadableStreamDefaultController } from "node:stream/web";
import { ARRIVED, type ArrivingIterator } from "../../async/arrived.ts";
import { cancelledError } from "../../errors/spear-error.ts";

/** An event of a stream. The data has no line breaks, as that of `JSON.stringify`. */
export interface SseEvent {
	/** Name of the event. The default is none. */
	readonly event?: string;
	readonly data: string;
}

/** Form of the events of one API. */
export interface SseDialect<E> {
	/** Returns the events that one event of the host causes. */
	events(event: E): Iterable<SseEvent>;
	/** Returns the events that report a failure. */
	failed(thrown: unknown): Iterable<SseEvent>;
}

export interface SseOptions {
	/** Longest silence, in milliseconds. A comment follows, so that proxies keep the connection. */
	readonly heartbeatMs: number;
	/** Aborts the call when the client closes the connection. */
	readonly abort: AbortController;
	/** Called once, when the stream has ended for any reason. */
	readonly onEnd?: (outcome: SseOutcome) => void;
}

/** End of a stream. */
export type SseOutcome = { readonly type: "completed" | "closed" } | { readonly type: "failed"; readonly error: unknown };

/** Text of events that is sent at once, in characters. Events that wait together become one piece up to there. */
const MAX_PIECE = 16 * 1024;

const HEARTBEAT = ": heartbeat\n\n";

/**
 * Returns the body of an event stream. Asks for the next event when the client can take more, so a slow client holds its own upstream back
 * and keeps no more than one piece.
 *
 * @param first The step that the caller has awaited already, so that a failure before it was a plain answer.
 * @param rest The steps after it. Cancelled when the client closes the connection.
 */
export function sseBody<E>(
	first: IteratorResult<E, void>,
	rest: ArrivingIterator<E>,
	dialect: SseDialect<E>,
	options: SseOptions,
): ReadableStream<Uint8Array> {
	const writer = new SseWriter(first, rest, dialect, options);
	return new ReadableStream(writer, { highWaterMark: 0 });
}

class SseWriter<E> {
	readonly #rest: ArrivingIterator<E>;
	readonly #dialect: SseDialect<E>;
	readonly #options: SseOptions;
	/** The step that is awaited. */
	#next: Promise<IteratorResult<E, void>> | undefined;
	#timer: NodeJS.Timeout | undefined;
	#hasEnded = false;

	constructor(first: IteratorResult<E, void>, rest: ArrivingIterator<E>, dialect: SseDialect<E>, options: SseOptions) {
		this.#next = Promise.resolve(first);
		this.#rest = rest;
		this.#dialect = dialect;
		this.#options = options;
	}

	start(controller: ReadableStreamDefaultController<Uint8Array>): void {
		const { signal } = this.#options.abort;
		const onAbort = (): void => {
			if (this.#hasEnded) return;
			this.#end({ type: "closed" });
			// Not an error, which the adapter of Hono would write to standard error, with its stack.
			controller.close();
			void this.#release();
		};
		// A client that reads nothing asks for no step, so the call would end only at its deadline.
		if (signal.aborted) onAbort();
		else signal.addEventListener("abort", onAbort, { once: true });
	}

	async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
		let text = "";
		let outcome: SseOutcome | undefined;
		try {
			do {
				const step = await this.#step();
				if (step === undefined) {
					text = HEARTBEAT;
					break;
				}
				let arrived: IteratorResult<E, void> | undefined = step;
				for (; arrived !== undefined && arrived.done !== true; arrived = this.#arrived(text))
					text += printed(this.#dialect.events(arrived.value));
				if (arrived?.done === true) outcome = { type: "completed" };
			} while (text === "" && outcome === undefined); // Events without a form of their own.
		} catch (error) {
			outcome = { type: "failed", error };
			text += printed(this.#dialect.failed(error));
		}
		if (this.#hasEnded) return;
		if (text !== "") controller.enqueue(Buffer.from(text));
		if (outcome === undefined) return;
		this.#end(outcome);
		controller.close();
	}

	async cancel(): Promise<void> {
		this.#end({ type: "closed" });
		this.#options.abort.abort(cancelledError("the client closed the connection"));
		await this.#release();
	}

	/** Ends the source. A step that is awaited reports the failure. */
	async #release(): Promise<void> {
		try {
			await this.#rest.return?.();
		} catch {
			// The call has ended, whatever its end was.
		}
	}

	/** Waits for the next step. `undefined` after the longest silence. */
	async #step(): Promise<IteratorResult<E, void> | undefined> {
		if (this.#next === undefined) {
			const arrived = this.#rest[ARRIVED]?.();
			if (arrived !== undefined) return arrived;
			this.#next = this.#rest.next();
		}
		let timer: NodeJS.Timeout | undefined;
		const silence = new Promise<undefined>((resolve) => {
			timer = setTimeout(() => resolve(undefined), this.#options.heartbeatMs);
			this.#timer = timer;
		});
		try {
			const step = await Promise.race([this.#next, silence]);
			if (step !== undefined) this.#next = undefined;
			return step;
		} catch (thrown) {
			this.#next = undefined;
			throw thrown;
		} finally {
			clearTimeout(timer);
		}
	}

	/** Returns the next step if it has arrived and there is room for it. */
	#arrived(text: string): IteratorResult<E, void> | undefined {
		return text.length < MAX_PIECE ? this.#rest[ARRIVED]?.() : undefined;
	}

	#end(outcome: SseOutcome): void {
		if (this.#hasEnded) return;
		this.#hasEnded = true;
		clearTimeout(this.#timer);
		this.#options.onEnd?.(outcome);
	}
}

function printed(events: Iterable<SseEvent>): string {
	let text = "";
	for (const { event, data } of events) text += event === undefined ? `data: ${data}\n\n` : `event: ${event}\ndata: ${data}\n\n`;
	return text;
}
