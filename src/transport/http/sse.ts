import { createParser } from "eventsource-parser";

export interface ServerSentEvent {
	/** The event's type, when the upstream names one. */
	readonly event?: string;
	readonly data: string;
}

/** The bytes are not an event stream, or one of its events is too large. */
export class EventStreamError extends Error {
	override readonly name = "EventStreamError";
}

/**
 * Server-sent events from bytes in pieces of any size: a piece may end within a line or within a character.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventStreamDecoder {
	readonly #maxEventChars: number;
	readonly #text = new TextDecoder("utf-8", { fatal: true });
	readonly #parser;
	#events: ServerSentEvent[] = [];
	#tooLarge = false;

	/** `maxEventChars` bounds one event, its unfinished lines included, in UTF-16 units. */
	constructor(maxEventChars: number) {
		this.#maxEventChars = maxEventChars;
		this.#parser = createParser({
			maxBufferSize: maxEventChars,
			onEvent: ({ event, data }) => {
				if (data.length > maxEventChars) this.#tooLarge = true;
				this.#events.push(event === undefined ? { data } : { event, data });
			},
			onError: ({ type }) => {
				if (type === "max-buffer-size-exceeded") this.#tooLarge = true;
			},
		});
	}

	/** The events that end in these bytes. */
	push(bytes: Uint8Array): ServerSentEvent[] {
		return this.#feed(() => this.#text.decode(bytes, { stream: true }));
	}

	/** The stream has come to its proper end: the event that only lacked its blank line, if there is one. */
	end(): ServerSentEvent[] {
		return this.#feed(() => `${this.#text.decode()}\n\n`);
	}

	#feed(decode: () => string): ServerSentEvent[] {
		let text: string;
		try {
			text = decode();
		} catch {
			throw new EventStreamError("the event stream is not UTF-8");
		}
		this.#parser.feed(text);
		if (this.#tooLarge) throw new EventStreamError(`an event is longer than ${this.#maxEventChars} characters`);
		const events = this.#events;
		this.#events = [];
		return events;
	}
}
