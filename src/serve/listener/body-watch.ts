import type { IncomingMessage, ServerResponse } from "node:http";

/** Slowest average of a body, in bytes a second: a client that sends a byte in each interval would hold its request for ever otherwise. */
const MIN_RATE = 1_024;

/** Time between two checks at most, in milliseconds. */
const MAX_INTERVAL_MS = 1_000;

const TIMEOUT_ANSWER = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

interface Watched {
	readonly incoming: IncomingMessage;
	readonly outgoing: ServerResponse;
	readonly startBytes: number;
	bytes: number;
	/** Time since the begin, and since the last byte, in milliseconds. */
	totalMs: number;
	silentMs: number;
}

/**
 * Ends requests whose body does not arrive in time. Time in which the server itself does not read does not count: while the application wants no
 * bytes, and while the event loop is blocked.
 */
export class BodyWatch {
	readonly #timeoutMs: () => number;
	readonly #now: () => number;
	readonly #watched = new Set<Watched>();
	#timer: NodeJS.Timeout | undefined;
	#checkedAt = 0;

	/** @param timeoutMs Returns the longest time without a byte, in milliseconds. */
	constructor(timeoutMs: () => number, now: () => number) {
		this.#timeoutMs = timeoutMs;
		this.#now = now;
	}

	/** Watches the body of a request until its end. */
	watch(incoming: IncomingMessage, outgoing: ServerResponse): void {
		const { headers, socket } = incoming;
		const stated = headers["content-length"];
		if (headers["transfer-encoding"] === undefined && (stated === undefined || stated === "0")) return;
		const watched: Watched = { incoming, outgoing, startBytes: socket.bytesRead, bytes: socket.bytesRead, totalMs: 0, silentMs: 0 };
		this.#watched.add(watched);
		const end = (): void => {
			this.#watched.delete(watched);
		};
		incoming.once("end", end).once("close", end);
		if (this.#timer !== undefined) return;
		const intervalMs = Math.min(MAX_INTERVAL_MS, this.#timeoutMs() / 4);
		this.#checkedAt = this.#now();
		this.#timer = setInterval(() => this.#check(intervalMs), intervalMs).unref();
	}

	close(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#watched.clear();
	}

	#check(intervalMs: number): void {
		const now = this.#now();
		const passedMs = Math.min(now - this.#checkedAt, 2 * intervalMs);
		this.#checkedAt = now;
		const timeoutMs = this.#timeoutMs();
		for (const watched of this.#watched) {
			const { incoming, startBytes } = watched;
			if (incoming.readableLength > 0) {
				watched.silentMs = 0;
				continue;
			}
			const { bytesRead } = incoming.socket;
			watched.totalMs += passedMs;
			watched.silentMs = bytesRead === watched.bytes ? watched.silentMs + passedMs : 0;
			watched.bytes = bytesRead;
			const allowedMs = timeoutMs + ((bytesRead - startBytes) / MIN_RATE) * 1_000;
			if (watched.silentMs > timeoutMs || watched.totalMs > allowedMs) this.#end(watched);
		}
		if (this.#watched.size > 0) return;
		clearInterval(this.#timer);
		this.#timer = undefined;
	}

	#end(watched: Watched): void {
		const { incoming, outgoing } = watched;
		this.#watched.delete(watched);
		// Raw, because the application still waits for the body and has no answer.
		if (!outgoing.headersSent && outgoing.socket !== null) incoming.socket.write(TIMEOUT_ANSWER);
		incoming.socket.destroySoon();
	}
}
