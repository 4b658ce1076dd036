import { ReadableStream, type ReadableStreamDefaultController } from "node:stream/web";
import type { Clock } from "../../time/clock.ts";

/** An event of a stream of server-sent events. */
export interface ServerEvent {
	readonly name: string;
	/** Sent as the id, from which a client continues. Without line breaks. The default is none. */
	readonly id?: string;
	/** Sent as JSON, which has no line breaks. */
	readonly data: unknown;
}

export interface EventStreamOptions {
	readonly clock: Clock;
	/** Longest silence, in milliseconds. A comment follows, so that proxies keep the connection. */
	readonly heartbeatMs: number;
	/** Returns the last event of a stream that fails after its begin. */
	readonly failed: (thrown: unknown) => ServerEvent;
	/** Called once, when the client has gone before the end. */
	readonly onCancel: () => void;
}

const HEARTBEAT = Buffer.from(": keep-alive\n\n");

/**
 * Events as the body of an answer. The next event is asked for when the client has room. A slow client thus holds back what makes the events, and at
 * most one event waits in the server.
 */
export class EventStream {
	readonly #events: AsyncIterator<ServerEvent, void, void>;
	readonly #options: EventStreamOptions;
	/** The event that is awaited. */
	#next: Promise<IteratorResult<ServerEvent, void>> | undefined;

	constructor(events: AsyncIterator<ServerEvent, void, void>, options: EventStreamOptions) {
		this.#events = events;
		this.#options = options;
	}

	/**
	 * Resolves with the first event, or after the longest silence. A failure until then is thrown here, so that the answer can have the status of the
	 * failure.
	 */
	async begin(): Promise<void> {
		await this.#step();
	}

	/** Returns the body of the answer. Called once. */
	body(): ReadableStream<Uint8Array> {
		return new ReadableStream<Uint8Array>(
			{
				pull: (controller) => this.#pull(controller),
				cancel: () => {
					this.#next?.catch(() => {});
					this.#options.onCancel();
				},
			},
			{ highWaterMark: 0 },
		);
	}

	async #pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
		try {
			const step = await this.#step();
			if (step !== undefined) this.#next = undefined;
			if (step?.done === true) controller.close();
			else controller.enqueue(step === undefined ? HEARTBEAT : encoded(step.value));
		} catch (thrown) {
			controller.enqueue(encoded(this.#options.failed(thrown)));
			controller.close();
		}
	}

	/** Waits for an event, which stays the next one. `undefined` after the longest silence. */
	async #step(): Promise<IteratorResult<ServerEvent, void> | undefined> {
		this.#next ??= this.#events.next();
		const { clock, heartbeatMs } = this.#options;
		const { promise: silence, resolve } = Promise.withResolvers<undefined>();
		const cancel = clock.after(heartbeatMs, () => resolve(undefined));
		try {
			return await Promise.race([this.#next, silence]);
		} finally {
			cancel();
		}
	}
}

function encoded({ name, id, data }: ServerEvent): Uint8Array {
	return Buffer.from(`${id === undefined ? "" : `id: ${id}\n`}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
}
