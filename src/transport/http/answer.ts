import type { Exchange } from "./exchange.ts";
import type { Headers } from "./headers.ts";
import type { ServerSentEvent } from "./sse.ts";

/** A whole JSON answer. */
export interface JsonAnswer {
	readonly value: unknown;
	/** For errors about the answer. */
	readonly exchange: Exchange;
}

/** A whole JSON answer with the text that it was parsed from. */
export interface JsonTextAnswer extends JsonAnswer {
	readonly text: string;
}

/** An event of a streamed answer. */
export interface StreamedEvent extends ServerSentEvent {
	/** True if the data is the whole body: JSON in place of an event stream. */
	readonly isBody?: boolean;
	/** True if the body ended within this event, so that its data may be cut off. */
	readonly isTorn?: boolean;
	readonly exchange: Exchange;
}

/** A successful answer whose body has not been read yet. Read the body to its end, or call `discard`. */
export interface OpenAnswer {
	readonly exchange: Exchange;
	readonly headers: Headers;
	/** The body in chunks, as it arrives. Throws if the body is cut off. Leaving the loop early ends the exchange. */
	readonly chunks: AsyncGenerator<Uint8Array, void, void>;
	/** Ends the exchange. Closes the socket if the body is not read to its end. */
	readonly discard: () => void;
}

/** A successful binary answer. */
export interface BytesAnswer extends OpenAnswer {
	/** Media type in lower case, without parameters. Absent if the upstream does not send one. */
	readonly contentType: string | undefined;
}
