/**
 * Receives one line of a guest's output, without its line break. `isCut` is true if the line was too long and its end is missing. An
 * exception is dropped: guest code must not receive host errors.
 */
export type LineSink = (line: string, isCut: boolean) => void;

const MAX_LINE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/**
 * Splits bytes into lines and passes each to a sink. A line ends after 64 KiB, and the rest of the line is dropped. In two parts, a secret
 * across the cut would be found in neither.
 */
export class LineBuffer {
	readonly #sink: LineSink;
	#pending: Uint8Array[] = [];
	#pendingBytes = 0;
	/** True while the rest of a line is dropped. */
	#isDropping = false;

	constructor(sink: LineSink) {
		this.#sink = sink;
	}

	write(bytes: Uint8Array): void {
		for (let start = 0; start < bytes.length; ) {
			const newline = bytes.indexOf(NEWLINE, start);
			this.#push(bytes.subarray(start, newline === -1 ? bytes.length : newline));
			if (newline === -1) return;
			if (!this.#isDropping) this.#emit(false);
			this.#isDropping = false;
			start = newline + 1;
		}
	}

	/** Passes on the last line, which has no line break. */
	end(): void {
		if (this.#pendingBytes > 0) this.#emit(false);
		this.#isDropping = false;
	}

	#push(bytes: Uint8Array): void {
		if (bytes.length === 0 || this.#isDropping) return;
		const room = MAX_LINE_BYTES - this.#pendingBytes;
		this.#pending.push(bytes.slice(0, room));
		this.#pendingBytes += Math.min(bytes.length, room);
		if (bytes.length <= room) return;
		this.#emit(true);
		this.#isDropping = true;
	}

	#emit(isCut: boolean): void {
		// A stream waits for the rest of its last character, so a character that was cut is left out.
		const line = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(this.#pending), { stream: isCut });
		this.#pending = [];
		this.#pendingBytes = 0;
		try {
			this.#sink(line.endsWith("\r") && !isCut ? line.slice(0, -1) : line, isCut);
		} catch {
			// See LineSink: the guest is on the stack below.
		}
	}
}
