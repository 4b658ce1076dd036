import type { RawData, WebSocket } from "ws";
import { TurnBudget } from "../../async/turn-budget.ts";
import { LinkedList } from "../../collections/linked-list.ts";
import type { Clock } from "../../time/clock.ts";

/** A message of the client. */
export type PeerMessage = { readonly text: string } | { readonly bytes: Uint8Array };

export interface PeerOptions {
	readonly clock: Clock;
	/** Time between pings, in milliseconds. A client that has answered none of two is gone. */
	readonly pingMs: number;
	/** Longest time that a client may take none of what waits for it, in milliseconds. */
	readonly stallMs: number;
}

/** Unsent bytes from which `send` waits. Beyond, a slow client holds back what makes the messages. */
const HIGH_WATER_BYTES = 256 * 1024;

/** Unread bytes from which nothing more is read from the connection. Below, the end of a connection is noticed while a message is handled. */
const MAX_UNREAD_BYTES = 64 * 1024;

/** Bytes that each unread message counts beside its own. Otherwise any number of empty messages would fit. */
const MESSAGE_BYTES = 64;

/** Messages of one turn of the event loop, so that a busy client does not starve the others. */
const MAX_MESSAGES_PER_TURN = 64;

/** Time that the client has to answer a close, in milliseconds. */
const CLOSE_MS = 2_000;

/** Longest reason of a close, in bytes: RFC 6455, 5.5. */
const MAX_REASON_BYTES = 123;

/**
 * The client's end of a WebSocket, with backpressure in both directions. Messages that wait are bounded in bytes: beyond, nothing is read from the
 * connection.
 */
export class WebSocketPeer {
	/** Aborted when the connection has ended in any way. */
	readonly signal: AbortSignal;
	readonly #socket: WebSocket;
	readonly #options: PeerOptions;
	readonly #end = new AbortController();
	readonly #budget = new TurnBudget(MAX_MESSAGES_PER_TURN);
	readonly #unread = new LinkedList<PeerMessage>();
	#unreadBytes = 0;
	#wake: () => void = () => {};
	#isAlive = true;
	#isClosing = false;
	#cancelPing: () => void = () => {};

	constructor(socket: WebSocket, options: PeerOptions) {
		this.#socket = socket;
		this.#options = options;
		this.signal = this.#end.signal;
		socket.on("message", (data, isBinary) => {
			if (this.#isClosing) return;
			const bytes = bytesOf(data);
			this.#unread.append(isBinary ? { bytes } : { text: bytes.toString() });
			this.#unreadBytes += bytes.byteLength + MESSAGE_BYTES;
			if (this.#unreadBytes > MAX_UNREAD_BYTES) socket.pause();
			this.#wake();
		});
		socket.on("ping", (data) => {
			// A client that reads nothing receives no answers. Otherwise a flood of pings would fill the memory with them.
			if (socket.readyState === socket.OPEN && socket.bufferedAmount <= HIGH_WATER_BYTES) socket.pong(data);
		});
		socket.on("pong", () => {
			this.#isAlive = true;
		});
		// A frame that breaks the protocol, or is too large. The library closes the connection with the code for it.
		socket.on("error", () => {});
		socket.on("close", () => {
			this.#cancelPing();
			this.#end.abort();
			this.#wake();
		});
		this.#ping();
	}

	/** Yields the messages. Ends with the connection. May be called once. */
	async *messages(): AsyncGenerator<PeerMessage, void, void> {
		for (;;) {
			const next = this.#unread.first;
			if (next !== undefined) {
				this.#unread.remove(next);
				this.#unreadBytes -= sizeOf(next.value) + MESSAGE_BYTES;
				if (this.#unreadBytes <= MAX_UNREAD_BYTES) this.#socket.resume();
				if (this.#budget.exhausted) await this.#budget.nextTurn;
				this.#budget.use();
				yield next.value;
			} else if (this.signal.aborted) return;
			else {
				const { promise, resolve } = Promise.withResolvers<void>();
				this.#wake = resolve;
				await promise;
			}
		}
	}

	/** Sends a message. Resolves when there is room for the next one, or the connection has ended. */
	async send(message: string | Uint8Array): Promise<void> {
		const socket = this.#socket;
		if (socket.readyState !== socket.OPEN) return;
		const { promise, resolve } = Promise.withResolvers<void>();
		socket.send(message, () => resolve());
		if (socket.bufferedAmount <= HIGH_WATER_BYTES) return;
		const cancel = this.#options.clock.after(this.#options.stallMs, () => socket.terminate());
		this.signal.addEventListener("abort", () => resolve(), { once: true });
		await promise;
		cancel();
	}

	/** Closes the connection in order. Messages that arrive meanwhile are ignored. */
	close(code: number, reason = ""): void {
		const socket = this.#socket;
		if (socket.readyState !== socket.OPEN) return;
		this.#isClosing = true;
		for (let link = this.#unread.first; link !== undefined; link = this.#unread.first) this.#unread.remove(link);
		socket.close(code, shortened(reason));
		socket.resume();
		const cancel = this.#options.clock.after(CLOSE_MS, () => socket.terminate());
		this.signal.addEventListener("abort", cancel, { once: true });
	}

	#ping(): void {
		this.#cancelPing = this.#options.clock.after(this.#options.pingMs, () => {
			const socket = this.#socket;
			// The answers of a client that the server does not read from have not been seen.
			if (!this.#isAlive && !socket.isPaused) return socket.terminate();
			this.#isAlive = false;
			if (socket.readyState === socket.OPEN) socket.ping();
			this.#ping();
		});
	}
}

function sizeOf(message: PeerMessage): number {
	return "text" in message ? Buffer.byteLength(message.text) : message.bytes.byteLength;
}

function bytesOf(data: RawData): Buffer {
	if (Array.isArray(data)) return Buffer.concat(data);
	return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}

/** Returns the beginning of a reason that fits into a close frame, in whole characters. */
function shortened(reason: string): string {
	let bytes = 0;
	let end = 0;
	for (const character of reason) {
		bytes += Buffer.byteLength(character);
		if (bytes > MAX_REASON_BYTES) break;
		end += character.length;
	}
	return reason.slice(0, end);
}
