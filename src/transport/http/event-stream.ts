import { ARRIVED } from "../../async/arrived.ts";
import { batched } from "../../async/batched.ts";
import { essenceOf } from "../../formats/media-type.ts";
import type { OpenAnswer, StreamedEvent } from "./answer.ts";
import { AWS_EVENT_STREAM, AwsEventStreamDecoder } from "./aws-event-stream.ts";
import { malformedError, truncatedError } from "./failure.ts";
import { JSON_LINES_TYPES, JsonLinesDecoder } from "./json-lines.ts";
import { type PeekedText, peekText } from "./peek-text.ts";
import { ResponseBody } from "./response-body.ts";
import { CutCharacterError, EventStreamDecoder, EventStreamError, type ServerSentEvent } from "./sse.ts";

/** Form of a streamed body: server-sent events, a JSON value a line, or Amazon's binary frames. */
export type StreamFormat = "sse" | "json_lines" | "aws_frames";

interface Format {
	/** Value of the header `accept`. */
	readonly accept: string;
	/** Media types of bodies in this form. */
	readonly types: readonly string[];
	/** The form in words. */
	readonly name: string;
	decoder(maxEventChars: number): { push(bytes: Uint8Array): ServerSentEvent[]; end(): ServerSentEvent[] };
}

export const STREAM_FORMATS: { readonly [F in StreamFormat]: Format } = {
	sse: {
		accept: "text/event-stream",
		types: ["text/event-stream"],
		name: "an event stream",
		decoder: (maxEventChars) => new EventStreamDecoder(maxEventChars),
	},
	json_lines: {
		accept: "application/x-ndjson, application/json",
		types: JSON_LINES_TYPES,
		name: "lines of JSON",
		decoder: (maxEventChars) => new JsonLinesDecoder(maxEventChars),
	},
	aws_frames: {
		accept: AWS_EVENT_STREAM,
		types: [AWS_EVENT_STREAM],
		name: "Amazon's event stream",
		decoder: (maxEventBytes) => new AwsEventStreamDecoder(maxEventBytes),
	},
};

export interface EventStreamOptions {
	/** The default is `sse`. In lines of JSON, each line is the data of an event. */
	readonly format?: StreamFormat;
	/**
	 * Data of the last event, without the space around it, or a pattern that matches it. A body that ends before this event was cut off. Absent: the stream ends
	 * with the body.
	 */
	readonly last?: string | RegExp | undefined;
	/** Accepts a body that ends before `last` but holds an event. The caller decides if the stream is complete. */
	readonly bodyEnds: boolean;
	/** Accepts a whole JSON answer too, as the only event. */
	readonly orJson: boolean;
	/** Largest event, in UTF-16 units. */
	readonly maxEventChars: number;
}

/** Events from which a batch takes no further chunk that has arrived. Bounds the work of one turn of the event loop. */
const MAX_BATCH = 64;

/**
 * Longest wait for the end of a body after its last event, in milliseconds. If the end arrives, the connection can be used again.
 * Otherwise closing it costs less than holding it.
 */
const MAX_END_MS = 1000;

/**
 * Yields the events of an answer as they arrive, and ends the exchange.
 *
 * @param open Sends the request. Called for the first event.
 */
export function readEvents(open: () => Promise<OpenAnswer>, options: EventStreamOptions): AsyncGenerator<StreamedEvent, void, void> {
	return batched(readBatches(open, options));
}

/** Yields the events that each chunk of the body completes. */
async function* readBatches(
	open: () => Promise<OpenAnswer>,
	{ format = "sse", last, orJson, bodyEnds, maxEventChars }: EventStreamOptions,
): AsyncGenerator<readonly StreamedEvent[], void, void> {
	const answer = await open();
	const { exchange, headers } = answer;
	const { types, name, decoder: decoderOf } = STREAM_FORMATS[format];
	const decoder = decoderOf(maxEventChars);
	let complete = false;
	let empty = true;
	try {
		const type = essenceOf(headers["content-type"] ?? "");
		const { first, chunks }: PeekedText = orJson ? await peekText(answer.chunks) : { first: undefined, chunks: answer.chunks };
		if (orJson && (type === "application/json" || first === "{" || first === "[")) {
			yield [{ data: decodeText(await collect(chunks)), isBody: true, exchange }];
			return;
		}
		if (type !== "" && !types.includes(type)) throw new EventStreamError(`it is ${headers["content-type"]} instead of ${name}`);
		for (let ended = false; !ended; ) {
			// `for await` would close the connection when the loop is left after the last event.
			let step: IteratorResult<Uint8Array, void> | undefined = await chunks.next();
			ended = step.done === true;
			const batch: StreamedEvent[] = [];
			let failure: { readonly thrown: unknown } | undefined;
			try {
				for (; step !== undefined && !complete; step = batch.length < MAX_BATCH ? chunks[ARRIVED]?.() : undefined) {
					for (const { event, data } of step.done === true ? decoder.end() : decoder.push(step.value)) {
						complete = last instanceof RegExp ? last.test(data) : data.trim() === last;
						const read = event === undefined ? { data, exchange } : { event, data, exchange };
						batch.push(ended ? { ...read, isTorn: true } : read);
						if (complete) break;
					}
					if (ended) break;
				}
			} catch (thrown) {
				failure = { thrown };
			}
			empty &&= batch.length === 0;
			yield batch; // Those before a failure too.
			if (failure !== undefined) throw failure.thrown;
			if (complete) return;
		}
		if (last !== undefined && (empty || !bodyEnds)) throw truncatedError(exchange, String(last));
	} catch (thrown) {
		if (thrown instanceof CutCharacterError) throw truncatedError(exchange, "the rest of a character");
		throw thrown instanceof EventStreamError ? malformedError(exchange, thrown.message) : thrown;
	} finally {
		if (complete) void readToEnd(answer);
		else answer.discard();
	}
}

/** Returns all bytes of a body: at once if they have arrived. */
export function collect(chunks: AsyncIterable<Uint8Array>): Buffer | Promise<Buffer> {
	return chunks instanceof ResponseBody ? chunks.whole() : collectDecoded(chunks);
}

async function collectDecoded(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
	return Buffer.concat(await Array.fromAsync(chunks));
}

function decodeText(bytes: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		throw new EventStreamError("it is not UTF-8");
	}
}

async function readToEnd(answer: OpenAnswer): Promise<void> {
	const timer = setTimeout(answer.discard, MAX_END_MS);
	try {
		await answer.chunks.next();
	} catch {
		// The answer is complete: a failure after it affects only the connection.
	} finally {
		clearTimeout(timer);
		answer.discard();
	}
}
