import { createParser } from "eventsource-parser";
import { Utf8Stream } from "../../formats/utf8.ts";

export interface ServerSentEvent {
	/** Type of the event. Absent if the upstream does not name one. */
	readonly event?: string;
	readonly data: string;
}

/** The error for bytes that are not an event stream, and for an event that is too large. */
export class EventStreamError extends Error {
	override readonly name: string = "EventStreamError";
}

/** The error for bytes that end within a character: the stream was cut. */
export class CutCharacterError extends EventStreamError {
	override readonly name = "CutCharacterError";

	constructor() {
		super("the stream ends within a character");
	}
}

/**
 * Returns the text that a decoder holds back.
 *
 * @throws CutCharacterError if a character is not whole.
 */
export function endOfText(text: Utf8Stream): string {
	try {
		return text.end();
	} catch {
		throw new CutCharacterError();
	}
}

/**
 * Decodes server-sent events from chunks of any size. A chunk may end within a line or within a character.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
 */
export class EventStreamDecoder {
	readonly #maxEventChars: number;
	readonly #text = new Utf8Stream();
	readonly #parser;
	#events: ServerSentEvent[] = [];
	#tooLarge = false;

	/** @param maxEventChars Largest event, in UTF-16 units. Unfinished lines count. */
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

	/** Returns the events that end in these bytes. */
	push(bytes: Uint8Array): ServerSentEvent[] {
		return this.#feed(() => this.#text.push(bytes));
	}

	/** Ends the stream. Returns the last event if only its blank line was missing. */
	end(): ServerSentEvent[] {
		return this.#feed(() => `${endOfText(this.#text)}\n\n`);
	}

	#feed(decode: () => string): ServerSentEvent[] {
		let text: string;
		try {
			text = decode();
		} catch (thrown) {
			throw thrown instanceof EventStreamError ? thrown : new EventStreamError("the event stream is not UTF-8");
		}
		this.#parser.feed(text);
		if (this.#tooLarge) throw new EventStreamError(`an event is longer than ${this.#maxEventChars} characters`);
		const events = this.#events;
		this.#events = [];
		return events;
	}
}
