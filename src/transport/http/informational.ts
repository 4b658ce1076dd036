import type { Socket } from "node:net";

/** Beginning of an informational response. A `#` is any digit. */
const BEGINNING = "HTTP/1.# 1##";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Renames the status 100 to 102 in the bytes that a server sends. undici ignores every informational response except `100 Continue`,
 * for which it closes the connection, because it never asks for one. Some servers and proxies send it unasked.
 */
export class ContinueFilter {
	/** Part of a response that the next byte belongs to. From a final response on nothing is changed until the next request. */
	#part: "start" | "head" | "final" = "final";
	/** Number of characters of {@link BEGINNING} that were found. */
	#matched = 0;
	/** True if the status so far is that of `100 Continue`. */
	#isContinue = true;
	/** True if the current line is blank so far. */
	#blank = false;

	/** Begins an exchange: the next bytes are the beginning of a response. */
	begin(): void {
		this.#part = "start";
		this.#matched = 0;
		this.#isContinue = true;
	}

	/** Changes bytes in place. Call it with every chunk, in order. */
	rename(chunk: Uint8Array): void {
		for (let at = 0; at < chunk.length && this.#part !== "final"; at++) {
			if (this.#part === "head") this.#readHead(chunk[at]);
			else this.#readStart(chunk, at);
		}
	}

	#readStart(chunk: Uint8Array, at: number): void {
		const byte = chunk[at] ?? 0;
		const expected = BEGINNING[this.#matched];
		const matches = expected === "#" ? byte >= ZERO && byte <= NINE : byte === expected?.charCodeAt(0);
		if (!matches) {
			this.#part = "final";
			return;
		}
		this.#matched++;
		if (this.#matched > BEGINNING.length - 2 && byte !== ZERO) this.#isContinue = false;
		if (this.#matched < BEGINNING.length) return;
		if (this.#isContinue) chunk[at] = ZERO + 2;
		this.#part = "head";
		this.#blank = false;
	}

	/** Finds the blank line that ends the head. Another response follows it. */
	#readHead(byte: number | undefined): void {
		if (byte === LINE_FEED && this.#blank) this.begin();
		else if (byte === LINE_FEED) this.#blank = true;
		else if (byte !== CARRIAGE_RETURN) this.#blank = false;
	}
}

/**
 * The first bytes that undici writes for a request, with a path or, to a proxy, a URL. A body does not begin with them: it follows in
 * writes of its own, as bytes.
 */
const REQUEST = /^[A-Z]{3,7} (?:\/|https?:)/;

/** Removes the harm of `100 Continue` from a socket that undici reads. Call it once, before the first request. */
export function ignoreContinue(socket: Socket): void {
	const filter = new ContinueFilter();
	const { read, write } = socket;
	const filteredRead = (size?: number): unknown => {
		const chunk: unknown = Reflect.apply(read, socket, size === undefined ? [] : [size]);
		if (chunk instanceof Uint8Array) filter.rename(chunk);
		return chunk;
	};
	const watchedWrite = (...args: unknown[]): unknown => {
		if (typeof args[0] === "string" && REQUEST.test(args[0])) filter.begin();
		return Reflect.apply(write, socket, args);
	};
	Object.defineProperties(socket, {
		read: { value: filteredRead, configurable: true, writable: true },
		write: { value: watchedWrite, configurable: true, writable: true },
	});
}
