import type { Duplex } from "node:stream";
import { type CloseEvent, type MessageEvent, ping, WebSocket } from "undici";
import { abortError, SpearError } from "../../errors/spear-error.ts";
import { type Exchange, malformedError, transportError } from "../http/failure.ts";
import { closeError } from "./close.ts";

/** How much may wait to be read before the other side is made to wait, in UTF-16 units. */
const MAX_WAITING = 64 * 1024;

/** How long the other side may take to agree to an end, in milliseconds. */
const CLOSE_MS = 2000;

export interface ConnectionParts {
	readonly socket: Duplex;
	readonly webSocket: WebSocket;
	readonly exchange: Exchange;
	/** Aborting it closes the socket at once. */
	readonly signal: AbortSignal;
	/** How long the other side may be silent before it is asked for a sign of life, and again before it is given up; 0 for ever. */
	readonly idleMs: number;
	readonly maxMessageBytes: number;
	/** Called once, when the socket is closed. */
	readonly onEnd: () => void;
}

/** One open WebSocket that carries text, with flow control both ways. It ends once: in order, or with a failure. */
export class WebSocketConnection {
	/** To report what is wrong with a message. */
	readonly exchange: Exchange;
	readonly #parts: ConnectionParts;
	readonly #waiting: string[] = [];
	readonly #valve: Valve;
	#waitingUnits = 0;
	/** Wakes who waits for a message or for room to send. */
	#wake = Promise.withResolvers<void>();
	#end: { readonly failure: SpearError | undefined } | undefined;
	#closing = false;
	#socketError: unknown;

	/** Made by `WebSocketClient.connect`. */
	constructor(parts: ConnectionParts) {
		const { socket, webSocket, signal, exchange } = parts;
		this.#parts = parts;
		this.exchange = exchange;
		this.#valve = new Valve(socket);
		const onAbort = () => this.#fail(abortError(signal));
		const stopPinging = this.#keepAlive();
		signal.addEventListener("abort", onAbort, { once: true });
		webSocket.addEventListener("message", (event) => this.#onMessage(event));
		socket.on("drain", () => this.#notify());
		socket.on("error", (error) => {
			this.#socketError = error;
		});
		webSocket.addEventListener("close", (event) => {
			stopPinging();
			signal.removeEventListener("abort", onAbort);
			this.#onClose(event);
			parts.onEnd();
		});
		if (signal.aborted) onAbort();
	}

	/**
	 * The messages as they come; iterated once. Ends when the connection was closed in order, throws when it failed. While nobody
	 * asks for the next one, the other side is made to wait.
	 */
	async *messages(): AsyncGenerator<string, void, void> {
		for (;;) {
			const text = this.#waiting.shift();
			if (text !== undefined) {
				this.#waitingUnits -= text.length;
				yield text;
			} else if (this.#end !== undefined) {
				if (this.#end.failure !== undefined) throw this.#end.failure;
				return;
			} else {
				this.#valve.release();
				await this.#wake.promise;
			}
		}
	}

	/** Resolves when there is room for the next message; at once, and without effect, when the connection has ended in order. */
	async send(text: string): Promise<void> {
		const { webSocket, socket } = this.#parts;
		if (this.#end === undefined) webSocket.send(text);
		while (this.#end === undefined && socket.writableNeedDrain) await this.#wake.promise;
		if (this.#end?.failure !== undefined) throw this.#end.failure;
	}

	/** Ends the connection in order, or without the other side's consent when that is slow. Resolves when it is closed. */
	async close(): Promise<void> {
		const { webSocket, socket } = this.#parts;
		this.#closing = true;
		if (this.#end !== undefined) return;
		const timer = setTimeout(() => socket.destroy(), CLOSE_MS);
		// What the other side still sends has nobody to read it, and its consent comes after it.
		this.#valve.release();
		webSocket.close(1000);
		try {
			while (this.#end === undefined) await this.#wake.promise;
		} finally {
			clearTimeout(timer);
		}
	}

	#onMessage({ data }: MessageEvent<unknown>): void {
		if (this.#end !== undefined || this.#closing) return;
		if (typeof data !== "string") {
			this.#fail(malformedError(this.exchange, "it sends binary messages"));
			return;
		}
		this.#waiting.push(data);
		this.#waitingUnits += data.length;
		if (this.#waitingUnits > MAX_WAITING) this.#valve.hold();
		this.#notify();
	}

	#onClose({ code, reason, wasClean }: CloseEvent): void {
		if (this.#end !== undefined) return;
		const { socket, exchange, maxMessageBytes } = this.#parts;
		if (this.#closing) this.#finish(undefined);
		else if (wasClean) this.#finish(closeError(exchange, code, reason));
		else if (this.#socketError === undefined && !socket.readableEnded) {
			// Closed from this side, and not by us: the parser has given up on what came.
			this.#finish(malformedError(exchange, `it breaks the WebSocket protocol, or a message is larger than ${maxMessageBytes} bytes`));
		} else this.#finish(transportError(exchange, "answering", this.#socketError ?? new Error("closed without a close frame")));
	}

	#fail(failure: SpearError): void {
		this.#finish(failure);
		this.#parts.socket.destroy();
	}

	#finish(failure: SpearError | undefined): void {
		this.#end ??= { failure };
		this.#notify();
	}

	#notify(): void {
		const { resolve } = this.#wake;
		this.#wake = Promise.withResolvers();
		resolve();
	}

	/** Pings after each silence; a second one in a row ends the connection. While it is held back, silence is our own doing. */
	#keepAlive(): () => void {
		const { socket, webSocket, idleMs } = this.#parts;
		if (idleMs <= 0) return () => {};
		let read = -1;
		const timer = setInterval(() => {
			const bytesRead = bytesReadOf(socket);
			if (bytesRead !== read || this.#valve.held) {
				read = bytesRead;
				if (webSocket.readyState === WebSocket.OPEN) ping(webSocket);
			} else {
				this.#fail(
					new SpearError("timeout", `the backend fell silent: nothing within ${idleMs} ms, not even when asked for a sign of life`),
				);
			}
		}, idleMs);
		return () => clearInterval(timer);
	}
}

/** Undici's WebSocket resumes its socket as soon as its parser has caught up; a valve keeps it paused until it is released. */
class Valve {
	readonly #resume: () => void;
	readonly #socket: Duplex;
	held = false;

	constructor(socket: Duplex) {
		this.#socket = socket;
		const resume = socket.resume.bind(socket);
		this.#resume = resume;
		socket.resume = () => (this.held ? socket : resume());
	}

	hold(): void {
		this.held = true;
		this.#socket.pause();
	}

	release(): void {
		if (!this.held) return;
		this.held = false;
		this.#resume();
	}
}

function bytesReadOf(socket: Duplex): number {
	return "bytesRead" in socket && typeof socket.bytesRead === "number" ? socket.bytesRead : 0;
}
