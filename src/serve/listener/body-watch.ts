import type { IncomingMessage, ServerResponse } from "node:http";

/** Slowest average of a body, in bytes a second: a client that sends a byte in each interval would hold its request for ever otherwise. */
const MIN_RATE = 1_024;

/** Time between two checks at most, in milliseconds. */
const MAX_INTERVAL_MS = 1_000;

const TIMEOUT_ANSWER = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";

interface Watched {
	readonly incoming: IncomingMessage;
	readonly outgoing: ServerResponse;
	readonly startedAt: number;
	readonly startBytes: number;
	bytes: number;
	at: number;
}

/** Ends requests whose body does not arrive in time. Time in which the server itself does not read does not count. */
export class BodyWatch {
	readonly #timeoutMs: () => number;
	readonly #now: () => number;
	readonly #watched = new Set<Watched>();
	#timer: NodeJS.Timeout | undefined;

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
		const now = this.#now();
		const watched: Watched = { incoming, outgoing, startedAt: now, at: now, startBytes: socket.bytesRead, bytes: socket.bytesRead };
		this.#watched.add(watched);
		const end = (): void => {
			this.#watched.delete(watched);
		};
		incoming.once("end", end).once("close", end);
		this.#timer ??= setInterval(() => this.#check(), Math.min(MAX_INTERVAL_MS, this.#timeoutMs() / 4)).unref();
	}

	close(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#watched.clear();
	}

	#check(): void {
		const now = this.#now();
		const timeoutMs = this.#timeoutMs();
		for (const watched of this.#watched) {
			const { incoming, startedAt, startBytes } = watched;
			const { bytesRead } = incoming.socket;
			if (bytesRead !== watched.bytes || incoming.readableLength > 0) {
				watched.bytes = bytesRead;
				watched.at = now;
			}
			const allowedMs = timeoutMs + ((bytesRead - startBytes) / MIN_RATE) * 1_000;
			const isSlow = now - startedAt > allowedMs && incoming.readableLength === 0;
			if (now - watched.at > timeoutMs || isSlow) this.#end(watched);
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
