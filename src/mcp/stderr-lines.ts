import type { Clock } from "../time/clock.ts";
import { TokenBucket } from "./token-bucket.ts";

/** Longest line that is passed on, in bytes. The rest of a longer line is dropped. */
const MAX_LINE_BYTES = 2_048;

/** Lines that are passed on: at once, and a second after that. Further lines are dropped. */
const LINES = { burst: 50, perS: 10 };

const NEWLINE = 0x0a;

/** Splits what a server writes to its standard error into a bounded number of bounded lines. */
export class StderrLines {
	readonly #sink: (line: string) => void;
	readonly #budget: TokenBucket;
	readonly #line = new Uint8Array(MAX_LINE_BYTES);
	#length = 0;

	constructor(clock: Clock, sink: (line: string) => void) {
		this.#budget = new TokenBucket(clock, LINES);
		this.#sink = sink;
	}

	write(bytes: Uint8Array): void {
		for (let start = 0; start < bytes.length; ) {
			const newline = bytes.indexOf(NEWLINE, start);
			const end = newline === -1 ? bytes.length : newline;
			const kept = bytes.subarray(start, Math.min(end, start + MAX_LINE_BYTES - this.#length));
			this.#line.set(kept, this.#length);
			this.#length += kept.length;
			if (newline === -1) return;
			this.#end();
			start = newline + 1;
		}
	}

	#end(): void {
		const line = new TextDecoder().decode(this.#line.subarray(0, this.#length)).trimEnd();
		this.#length = 0;
		if (line !== "" && this.#budget.take(1)) this.#sink(line);
	}
}
