import { essenceOf } from "../../formats/media-type.ts";
import type { OpenAnswer, StreamedEvent } from "./answer.ts";
import { malformedError, truncatedError } from "./failure.ts";
import { EventStreamDecoder, EventStreamError } from "./sse.ts";

export interface EventStreamOptions {
	/**
	 * Data of the last event, or a pattern that matches it. A body that ends before this event was cut off. Absent: the stream ends
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

/**
 * Longest wait for the end of a body after its last event, in milliseconds. If the end arrives, the connection can be used again.
 * Otherwise closing it costs less than holding it.
 */
const MAX_END_MS = 1000;

/** Yields the events of an answer as they arrive, and ends the exchange. */
export async function* readEvents(
	answer: OpenAnswer,
	{ last, orJson, bodyEnds, maxEventChars }: EventStreamOptions,
): AsyncGenerator<StreamedEvent, void, void> {
	const { exchange, headers, chunks } = answer;
	const decoder = new EventStreamDecoder(maxEventChars);
	let complete = false;
	let empty = true;
	try {
		const type = headers["content-type"];
		if (orJson && type !== undefined && essenceOf(type) === "application/json") {
			yield { data: (await collect(chunks)).toString(), exchange };
			return;
		}
		if (type !== undefined && essenceOf(type) !== "text/event-stream") {
			throw new EventStreamError(`it is ${type} instead of an event stream`);
		}
		for (let ended = false; !ended; ) {
			// `for await` would close the connection when the loop is left after the last event.
			const step = await chunks.next();
			ended = step.done === true;
			for (const event of step.done === true ? decoder.end() : decoder.push(step.value)) {
				complete = last instanceof RegExp ? last.test(event.data) : event.data === last;
				empty = false;
				yield { ...event, exchange };
				if (complete) return;
			}
		}
		if (last !== undefined && (empty || !bodyEnds)) throw truncatedError(exchange, String(last));
	} catch (thrown) {
		throw thrown instanceof EventStreamError ? malformedError(exchange, thrown.message) : thrown;
	} finally {
		if (complete) void readToEnd(answer);
		else answer.discard();
	}
}

/** Returns all bytes of a body. */
export async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
	return Buffer.concat(await Array.fromAsync(chunks));
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
