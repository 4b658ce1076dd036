import { crc32 } from "node:zlib";
import { parseJson } from "../../formats/json.ts";
import { EventStreamError, type ServerSentEvent } from "./sse.ts";

/** Media type of Amazon's event streams. */
export const AWS_EVENT_STREAM = "application/vnd.amazon.eventstream";

/** Length of a frame, length of its headers, and the checksum of both. */
const PRELUDE_BYTES = 12;

/** A frame without headers and payload: the prelude and the checksum of the frame. */
const MIN_FRAME_BYTES = 16;

/** Sizes of header values of fixed length, by type: two booleans, four integers, a time (8) and a UUID (9). Types 6 and 7 have a length. */
const FIXED_BYTES: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };

const TEXT_TYPE = 7;

const EMPTY = Buffer.alloc(0);

/**
 * Decodes Amazon's event stream from chunks of any size. Checks the length of a frame before its bytes are held, and both checksums. The
 * name of an event is `:event-type`. Exceptions and errors are events `error`, whose data has the name in `__type`, as in the body of a failure.
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export class AwsEventStreamDecoder {
	readonly #maxFrameBytes: number;
	/** Bytes after the last whole frame: the first {@link #length} of the buffer. */
	#buffer: Buffer = EMPTY;
	#length = 0;
	/** Bytes to hold before the next step: the prelude, then the frame. Otherwise each chunk of a large frame would be read again. */
	#needed = PRELUDE_BYTES;

	/** @param maxFrameBytes Largest frame, in bytes. */
	constructor(maxFrameBytes: number) {
		this.#maxFrameBytes = maxFrameBytes;
	}

	/** Returns the events that end in these bytes. */
	push(bytes: Uint8Array): ServerSentEvent[] {
		this.#append(bytes);
		if (this.#length < this.#needed) return [];
		const all = this.#buffer.subarray(0, this.#length);
		const events: ServerSentEvent[] = [];
		let at = 0;
		this.#needed = PRELUDE_BYTES;
		while (all.byteLength - at >= PRELUDE_BYTES) {
			const length = this.#frameLength(all.subarray(at));
			if (all.byteLength - at < length) {
				this.#needed = length;
				break;
			}
			events.push(eventOf(all.subarray(at, at + length)));
			at += length;
		}
		this.#buffer = Buffer.from(all.subarray(at));
		this.#length = all.byteLength - at;
		return events;
	}

	/** Ends the stream. Returns a torn event if the body ended within a frame. */
	end(): ServerSentEvent[] {
		return this.#length === 0 ? [] : [{ data: "" }];
	}

	/**
	 * Copies bytes behind those that are held. A list of chunks would cost hundreds of bytes for each chunk, and an upstream may send one byte a
	 * chunk. The buffer grows with the bytes that arrive, not with the length that a frame declares.
	 */
	#append(bytes: Uint8Array): void {
		const length = this.#length + bytes.byteLength;
		if (length > this.#buffer.byteLength) {
			const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#buffer.byteLength));
			larger.set(this.#buffer.subarray(0, this.#length));
			this.#buffer = larger;
		}
		this.#buffer.set(bytes, this.#length);
		this.#length = length;
	}

	/** Returns the length of the frame whose prelude begins here. */
	#frameLength(bytes: Buffer): number {
		if (crc32(bytes.subarray(0, 8)) !== bytes.readUInt32BE(8)) throw new EventStreamError("the beginning of a frame fails its checksum");
		const length = bytes.readUInt32BE(0);
		if (length > this.#maxFrameBytes) throw new EventStreamError(`a frame is longer than ${this.#maxFrameBytes} bytes`);
		if (length < MIN_FRAME_BYTES + bytes.readUInt32BE(4)) throw new EventStreamError("a frame is shorter than its headers");
		return length;
	}
}

/** Returns the event in a whole frame. */
function eventOf(frame: Buffer): ServerSentEvent {
	const end = frame.byteLength - 4;
	if (crc32(frame.subarray(0, end)) !== frame.readUInt32BE(end)) throw new EventStreamError("a frame fails its checksum");
	const payload = PRELUDE_BYTES + frame.readUInt32BE(4);
	const headers = headersOf(frame.subarray(PRELUDE_BYTES, payload));
	const data = decodeText(frame.subarray(payload, end));
	const type = headers.get(":message-type") ?? "event";
	if (type === "event") return { event: headers.get(":event-type") ?? "", data };
	const message = headers.get(":error-message");
	const named = headers.get(":exception-type") ?? headers.get(":error-code") ?? "";
	return { event: "error", data: JSON.stringify({ ...(message === undefined ? objectOf(data) : { message }), __type: named }) };
}

/** Returns the members of an exception. The payload of one that is no object describes it. */
function objectOf(data: string): object {
	try {
		const value: unknown = parseJson(data);
		if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
	} catch {
		// Not JSON, or nested too deeply.
	}
	return { message: data };
}

/** Returns the headers with a text. Others have no meaning here. */
function headersOf(bytes: Buffer): ReadonlyMap<string, string> {
	const headers = new Map<string, string>();
	try {
		for (let at = 0; at < bytes.byteLength; ) {
			const nameEnd = at + 1 + bytes.readUInt8(at);
			const type = bytes.readUInt8(nameEnd);
			const fixed = FIXED_BYTES[type];
			if (fixed === undefined && type !== TEXT_TYPE && type !== TEXT_TYPE - 1)
				throw new EventStreamError(`a header has the unknown type ${type}`);
			const start = nameEnd + 1 + (fixed === undefined ? 2 : 0);
			const end = start + (fixed ?? bytes.readUInt16BE(nameEnd + 1));
			if (end > bytes.byteLength) throw new EventStreamError("a header ends after its frame's headers");
			if (type === TEXT_TYPE) headers.set(bytes.toString("utf8", at + 1, nameEnd), bytes.toString("utf8", start, end));
			at = end;
		}
	} catch (thrown) {
		throw thrown instanceof RangeError ? new EventStreamError("a header ends after its frame's headers") : thrown;
	}
	return headers;
}

function decodeText(bytes: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		throw new EventStreamError("the payload of a frame is not UTF-8");
	}
}
