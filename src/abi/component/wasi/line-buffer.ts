/** Receives one line of a guest's output, without its line break. An exception is dropped: guest code must not receive host errors. */
export type LineSink = (line: string) => void;

const MAX_LINE_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Splits bytes into lines and passes each to a sink. A line longer than 64 KiB is passed in parts. */
export class LineBuffer {
	readonly #sink: LineSink;
	#pending: Uint8Array[] = [];
	#pendingBytes = 0;

	constructor(sink: LineSink) {
		this.#sink = sink;
	}

	write(bytes: Uint8Array): void {
		let start = 0;
		for (;;) {
			const room = MAX_LINE_BYTES - this.#pendingBytes;
			// Searches the room only. Otherwise each part of a long line would search to the same end.
			const found = bytes.subarray(start, start + room + 1).indexOf(NEWLINE);
			const newline = found === -1 ? -1 : start + found;
			const end = newline === -1 ? bytes.length : newline;
			if (end - start > room) {
				this.#push(bytes.subarray(start, start + room));
				start += room;
				this.#emit();
				continue;
			}
			this.#push(bytes.subarray(start, end));
			if (newline === -1) return;
			this.#emit();
			start = newline + 1;
		}
	}

	/** Passes on the last line, which has no line break. */
	end(): void {
		if (this.#pendingBytes > 0) this.#emit();
	}

	#push(bytes: Uint8Array): void {
		if (bytes.length === 0) return;
		this.#pending.push(bytes.slice());
		this.#pendingBytes += bytes.length;
	}

	#emit(): void {
		const line = Buffer.concat(this.#pending).toString("utf8");
		this.#pending = [];
		this.#pendingBytes = 0;
		try {
			this.#sink(line.endsWith("\r") ? line.slice(0, -1) : line);
		} catch {
			// See LineSink: the guest is on the stack below.
		}
	}
}
