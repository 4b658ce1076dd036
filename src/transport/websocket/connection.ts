import type { Socket } from "node:net";
import { type RawData, WebSocket } from "ws";
import { TurnBudget } from "../../async/turn-budget.ts";
import { LinkedList } from "../../collections/linked-list.ts";
import { abortError, type SpearError } from "../../errors/spear-error.ts";
import type { Exchange } from "../http/exchange.ts";
import { malformedError } from "../http/failure.ts";
import { transportError } from "../http/transport-error.ts";
import { pingTimeout } from "../timeouts.ts";
import { closeError } from "./close.ts";
import type { OpenSocket } from "./handshake.ts";
import { ReadGate } from "./read-gate.ts";

/** Unread text from which the socket is paused, in UTF-16 units. Enough for some audio chunks, so that a brief delay costs nothing. */
const MAX_UNREAD = 64 * 1024;

/** Units that each unread message counts beside its text. Otherwise any number of empty messages would fit. */
const MESSAGE_UNITS = 64;

/** Most messages that a reader receives in one turn of the event loop. A busy session has as many in a second. */
const MAX_MESSAGES_PER_TURN = 256;

/** Close code that stands for a connection without a close frame. */
const NO_CLOSE_FRAME = 1006;

export interface ConnectionOptions extends OpenSocket {
	readonly exchange: Exchange;
	/** Aborting it closes the socket at once. */
	readonly signal: AbortSignal;
	/** Silence after which the other side gets a ping, and after another the connection ends, in milliseconds. 0 means no limit. */
	readonly idleTimeoutMs: number;
	/** For the error about a message that is too large. */
	readonly maxMessageBytes: number;
	/** Called once, when the socket is closed. */
	readonly onEnd: () => void;
}

/** An open WebSocket for text messages, with backpressure in both directions. Ends once: in order, or with a failure. */
export class WebSocketConnection {
	/** For errors about messages. */
	readonly exchange: Exchange;
	readonly #options: ConnectionOptions;
	readonly #webSocket: WebSocket;
	readonly #socket: Socket;
	readonly #gate: ReadGate;
	readonly #budget = new TurnBudget(MAX_MESSAGES_PER_TURN);
	readonly #unread = new LinkedList<string>();
	#unreadUnits = 0;
	/** Resolves with the next change that `messages`, `send` or `close` may wait for. */
	#change = Promise.withResolvers<void>();
	#end: { readonly failure: SpearError | undefined } | undefined;
	#closing = false;
	#socketError: unknown;

	/** @internal Use `WebSocketClient.connect`. */
	constructor(options: ConnectionOptions) {
		const { socket, webSocket, signal, exchange } = options;
		this.#options = options;
		this.#webSocket = webSocket;
		this.#socket = socket;
		this.#gate = new ReadGate(webSocket, socket);
		this.exchange = exchange;
		const onAbort = () => this.#fail(abortError(signal));
		const stopPings = this.#startPings();
		signal.addEventListener("abort", onAbort, { once: true });
		webSocket.on("message", (data) => this.#onMessage(data));
		webSocket.on("error", (error) => this.#onError(error));
		webSocket.on("close", (code, reason) => {
			stopPings();
			signal.removeEventListener("abort", onAbort);
			this.#onClose(code, reason.toString());
			options.onEnd();
		});
		socket.on("drain", () => this.#notify());
		socket.on("error", (error) => {
			this.#socketError = error;
		});
		this.#gate.open();
		if (signal.aborted) onAbort();
	}

	/**
	 * Yields the messages as they arrive. May be called once. Ends if the connection closed in order, throws if it failed. While no
	 * caller waits for the next message, the other side is slowed down. Yields a bounded number of messages in one turn of the event loop.
	 */
	async *messages(): AsyncGenerator<string, void, void> {
		for (;;) {
			const text = this.#unread.takeFirst();
			if (text !== undefined) {
				this.#unreadUnits -= text.length + MESSAGE_UNITS;
				if (this.#budget.exhausted) await this.#budget.nextTurn;
				this.#budget.use();
				yield text;
			} else if (this.#end !== undefined) {
				if (this.#end.failure !== undefined) throw this.#end.failure;
				return;
			} else {
				this.#gate.open();
				await this.#change.promise;
			}
		}
	}

	/** Sends a message. Resolves when there is room for the next. Has no effect if the connection has ended in order. */
	async send(text: string): Promise<void> {
		if (this.#end === undefined) this.#webSocket.send(text, () => {});
		while (this.#end === undefined && this.#socket.writableNeedDrain) await this.#change.promise;
		if (this.#end?.failure !== undefined) throw this.#end.failure;
	}

	/** Closes the connection in order, or by force if the other side does not reply. Resolves when it is closed. */
	async close(): Promise<void> {
		this.#closing = true;
		if (this.#end !== undefined) return;
		// The reply follows the messages that the other side still sends, so they must be read.
		this.#gate.open();
		this.#webSocket.close(1000);
		while (this.#end === undefined) await this.#change.promise;
	}

	/** Handles a message. Some servers send their texts as binary messages. */
	#onMessage(data: RawData): void {
		if (this.#end !== undefined || this.#closing) return;
		const text = data.toString();
		this.#unread.append(text);
		this.#unreadUnits += text.length + MESSAGE_UNITS;
		if (this.#unreadUnits > MAX_UNREAD) this.#gate.close();
		this.#notify();
	}

	/** Handles a frame that breaks the protocol, or a message that is too large. */
	#onError(error: Error): void {
		if (this.#closing) return;
		const tooLarge = "code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH";
		const what = tooLarge ? `a message is larger than ${this.#options.maxMessageBytes} bytes` : "it breaks the WebSocket protocol";
		this.#fail(malformedError(this.exchange, what, error.message));
	}

	#onClose(code: number, reason: string): void {
		if (this.#closing) this.#finish(undefined);
		else if (code !== NO_CLOSE_FRAME) this.#finish(closeError(this.exchange, code, reason));
		else this.#finish(transportError(this.exchange, "answering", this.#socketError ?? new Error("closed without a close frame")));
	}

	#fail(failure: SpearError): void {
		this.#finish(failure);
		this.#webSocket.terminate();
	}

	#finish(failure: SpearError | undefined): void {
		this.#end ??= { failure };
		this.#notify();
	}

	#notify(): void {
		const { resolve } = this.#change;
		this.#change = Promise.withResolvers();
		resolve();
	}

	/** Sends a ping after each silence. A second silence in a row ends the connection. A paused socket is silent by our own doing. */
	#startPings(): () => void {
		const { idleTimeoutMs } = this.#options;
		if (idleTimeoutMs <= 0) return () => {};
		let bytesRead = -1;
		const timer = setInterval(() => {
			if (this.#socket.bytesRead !== bytesRead || this.#webSocket.isPaused) {
				bytesRead = this.#socket.bytesRead;
				if (this.#webSocket.readyState === WebSocket.OPEN) this.#webSocket.ping();
			} else {
				this.#fail(pingTimeout(idleTimeoutMs));
			}
		}, idleTimeoutMs);
		return () => clearInterval(timer);
	}
}
