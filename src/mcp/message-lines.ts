import { Buffer } from "node:buffer";

const NEWLINE = 0x0a;

/** Bytes that are kept of both ends of a line that is too long. The id of a message stands at one of them. */
const KEPT_BYTES = 512;

/** Smallest memory of a line that arrives in parts, in bytes. */
const MIN_CAPACITY = 4_096;

/** Receives the lines of a server's output. */
export interface LineReceiver {
	/** A whole line, without its line break. */
	line(text: string): void;
	/** A line that is longer than the limit, of which both ends are known. The other bytes were dropped as they arrived. */
	longLine(start: string, end: string): void;
	/** Number of bytes that were dropped just now. */
	dropped(bytes: number): void;
}

/** Splits bytes into lines. Holds at most one line of the limit, in at most twice its bytes. */
export class MessageLines {
	readonly #maxBytes: number;
	readonly #receiver: LineReceiver;
	/** Buffer that grows. A list of parts would take a hundred bytes for each byte that arrives alone. */
	#held = Buffer.alloc(0);
	#length = 0;
	/** Both ends of the line that is being dropped. */
	#long: { readonly start: Buffer; end: Buffer } | undefined;

	/** @param maxBytes Longest line, in bytes. */
	constructor(maxBytes: number, receiver: LineReceiver) {
		this.#maxBytes = maxBytes;
		this.#receiver = receiver;
	}

	write(bytes: Uint8Array): void {
		for (let start = 0; start < bytes.length; ) {
			const newline = bytes.indexOf(NEWLINE, start);
			const end = newline === -1 ? bytes.length : newline;
			if (end > start) this.#push(bytes.subarray(start, end));
			if (newline === -1) return;
			this.#end();
			start = newline + 1;
		}
	}

	#push(bytes: Uint8Array): void {
		if (this.#long !== undefined) {
			this.#drop(this.#long, bytes);
			return;
		}
		const room = this.#maxBytes - this.#length;
		this.#hold(bytes.subarray(0, room));
		if (bytes.length <= room) return;
		const whole = this.#take();
		// Copies, so that the rest is not kept alive.
		this.#long = { start: Buffer.from(whole.subarray(0, KEPT_BYTES)), end: Buffer.from(whole.subarray(-KEPT_BYTES)) };
		this.#receiver.dropped(whole.length);
		this.#drop(this.#long, bytes.subarray(room));
	}

	#hold(bytes: Uint8Array): void {
		const length = this.#length + bytes.length;
		if (length > this.#held.length) {
			const larger = Buffer.allocUnsafe(Math.max(length, this.#held.length * 2, MIN_CAPACITY));
			this.#held.copy(larger, 0, 0, this.#length);
			this.#held = larger;
		}
		this.#held.set(bytes, this.#length);
		this.#length = length;
	}

	#drop(long: { end: Buffer }, bytes: Uint8Array): void {
		long.end = Buffer.from(Buffer.concat([long.end, bytes.subarray(-KEPT_BYTES)]).subarray(-KEPT_BYTES));
		this.#receiver.dropped(bytes.length);
	}

	#end(): void {
		const long = this.#long;
		this.#long = undefined;
		if (long !== undefined) this.#receiver.longLine(long.start.toString("utf8"), long.end.toString("utf8"));
		else this.#receiver.line(this.#take().toString("utf8"));
	}

	/** Returns the line, and lets its memory go. */
	#take(): Buffer {
		const whole = this.#held.subarray(0, this.#length);
		this.#held = Buffer.alloc(0);
		this.#length = 0;
		return whole;
	}
}
