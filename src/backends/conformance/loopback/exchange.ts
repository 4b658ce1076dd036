import { Buffer } from "node:buffer";
import { STATUS_CODES } from "node:http";
import type { Socket } from "node:net";
import type { UpstreamAnswer } from "../upstream.ts";

/** The server's side of one exchange, written byte by byte where a check needs that. */
export class Exchange {
	/** Resolves at the end of the exchange: with true if the client closed the connection before the answer was complete. */
	readonly closedByClient: Promise<boolean>;
	readonly #socket: Socket;
	readonly #settle: (closedByClient: boolean) => void;
	#isChunked = false;

	constructor(socket: Socket) {
		const { promise, resolve } = Promise.withResolvers<boolean>();
		this.closedByClient = promise;
		this.#settle = resolve;
		this.#socket = socket;
		socket.once("close", this.#onClose);
	}

	/** True once the connection is closed. */
	get closed(): boolean {
		return this.#socket.destroyed;
	}

	/** Sends a whole answer with its length. */
	answer(answer: UpstreamAnswer): void {
		this.#socket.write(Buffer.concat([head(answer, ["content-length", String(answer.body.byteLength)]), answer.body]));
		this.#complete();
	}

	/** Sends the first bytes of an answer that announces its whole length, and closes the connection. */
	breakAfter(answer: UpstreamAnswer, bytes: number): void {
		const length = String(answer.body.byteLength);
		this.#socket.end(Buffer.concat([head(answer, ["content-length", length]), answer.body.subarray(0, bytes)]));
		this.#complete();
	}

	/** Sends status and headers of an answer whose length is unknown, and these bytes of its body. */
	begin(answer: UpstreamAnswer, bytes: Uint8Array = new Uint8Array()): void {
		this.#isChunked = true;
		this.#socket.write(Buffer.concat([head(answer, ["transfer-encoding", "chunked"]), chunk(bytes)]));
	}

	/** Sends bytes of the body as one chunk. Resolves when they were passed on, or the connection is closed. */
	async send(bytes: Uint8Array): Promise<void> {
		if (bytes.byteLength === 0 || this.closed) return;
		if (this.#socket.write(chunk(bytes))) return;
		await new Promise<void>((resolve) => {
			const settle = (): void => {
				this.#socket.off("drain", settle).off("close", settle);
				resolve();
			};
			this.#socket.once("drain", settle).once("close", settle);
		});
	}

	/** Ends the body in order. */
	end(): void {
		if (this.#isChunked) this.#socket.write("0\r\n\r\n");
		this.#complete();
	}

	/** Closes the connection without more bytes. */
	disconnect(): void {
		this.#socket.destroy();
		this.#complete();
	}

	readonly #onClose = (): void => this.#settle(true);

	#complete(): void {
		this.#socket.off("close", this.#onClose);
		this.#settle(false);
	}
}

function head({ status = 200, headers }: UpstreamAnswer, framing: readonly [string, string]): Buffer {
	const lines = [...Object.entries(headers), framing].map(([name, value]) => `${name}: ${value}\r\n`);
	return Buffer.from(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n${lines.join("")}\r\n`, "latin1");
}

function chunk(bytes: Uint8Array): Buffer {
	if (bytes.byteLength === 0) return Buffer.alloc(0);
	return Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}
