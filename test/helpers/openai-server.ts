import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** The end of an exchange on the server's side. */
export interface Ending {
	/** True if the client closed the connection before the answer was complete. */
	readonly clientClosed: boolean;
}

/** A request as the server received it. */
export interface ReceivedRequest {
	readonly method: string;
	/** Path with the query. */
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
	/** The body as bytes. */
	readonly bytes: Buffer;
	/** Port of the client. Identifies the connection. */
	readonly clientPort: number | undefined;
	/** Resolves when the exchange has ended. */
	readonly ended: Promise<Ending>;
	/** Returns the body, parsed as JSON. */
	json(): unknown;
}

/** Plays the server's part of one exchange. */
export type Behaviour = (response: ServerResponse, request: ReceivedRequest) => void | Promise<void>;

/**
 * A server that speaks OpenAI's API over loopback sockets. Answers each request with the next behaviour of its script, and keeps every
 * request that it received.
 */
export class OpenAiServer {
	/** For `base_url`. */
	readonly baseUrl: string;
	readonly requests: ReceivedRequest[] = [];
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	readonly #script: Behaviour[] = [];
	readonly #watchers: (() => void)[] = [];

	private constructor(server: Server, baseUrl: string) {
		this.#server = server;
		this.baseUrl = baseUrl;
		server.on("connection", (socket: Socket) => {
			this.#sockets.add(socket);
			socket.on("error", () => {}); // Many tests close the connection from the client's side.
			socket.on("close", () => {
				this.#sockets.delete(socket);
				this.#changed();
			});
		});
		server.on("request", (message, response) => void this.#serve(message, response));
	}

	/** Starts on a free port with this script. */
	static async start(...script: Behaviour[]): Promise<OpenAiServer> {
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
		return new OpenAiServer(server, `http://127.0.0.1:${address.port}/v1`).script(...script);
	}

	/** Appends to the script. */
	script(...behaviours: Behaviour[]): this {
		this.#script.push(...behaviours);
		return this;
	}

	/** Resolves with the request of this index once it has arrived. */
	async request(index: number): Promise<ReceivedRequest> {
		for (;;) {
			const request = this.requests[index];
			if (request !== undefined) return request;
			await this.#change();
		}
	}

	/** Number of open connections. */
	get openSockets(): number {
		return this.#sockets.size;
	}

	/** Resolves when no connection is open. */
	async quiet(): Promise<void> {
		while (this.#sockets.size > 0) await this.#change();
	}

	/** Closes every connection and the server. */
	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
		const ended = new Promise<Ending>((resolve) => {
			response.on("close", () => resolve({ clientClosed: !response.writableFinished }));
		});
		const chunks: Buffer[] = [];
		try {
			for await (const chunk of message) chunks.push(chunk);
		} catch {
			return; // The client closed the connection before the end of its request.
		}
		const bytes = Buffer.concat(chunks);
		const body = bytes.toString();
		const request: ReceivedRequest = {
			method: message.method ?? "",
			path: message.url ?? "",
			headers: message.headers,
			body,
			bytes,
			clientPort: message.socket.remotePort,
			ended,
			json: () => JSON.parse(body),
		};
		const behaviour = this.#script.shift() ?? answer.status(500, { error: { message: "the script of the test server has ended" } });
		this.requests.push(request);
		this.#changed();
		await behaviour(response, request);
	}

	#change(): Promise<void> {
		return new Promise((resolve) => this.#watchers.push(resolve));
	}

	#changed(): void {
		for (const watcher of this.#watchers.splice(0)) watcher();
	}
}

/** Returns the bytes of an event stream: one event per value, then `[DONE]` unless `done` is false. */
export function sse(values: readonly unknown[], { done = true, newline = "\n" } = {}): Buffer {
	const data = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
	if (done) data.push("[DONE]");
	return Buffer.from(data.map((line) => `data: ${line}${newline}${newline}`).join(""));
}

/** Returns the bytes, cut at these offsets. */
export function cut(bytes: Buffer, offsets: readonly number[]): Buffer[] {
	const bounds = [0, ...[...offsets].sort((a, b) => a - b), bytes.length];
	return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
}

const EVENT_STREAM = { "content-type": "text/event-stream; charset=utf-8" };

/** Behaviours for a script. */
export const answer = {
	/** Sends a whole answer in JSON. */
	json:
		(body: unknown, headers: Record<string, string> = {}): Behaviour =>
		(response) => {
			response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
		},

	/** Sends a status. A body other than a string is sent as JSON. */
	status:
		(status: number, body: unknown = "", headers: Record<string, string> = {}): Behaviour =>
		(response) => {
			const text = typeof body === "string" ? body : JSON.stringify(body);
			response.writeHead(status, { "content-type": typeof body === "string" ? "text/plain" : "application/json", ...headers }).end(text);
		},

	/** Sends a text with status 200. */
	text:
		(body: string | Buffer, headers: Record<string, string> = { "content-type": "application/json" }): Behaviour =>
		(response) => {
			response.writeHead(200, headers).end(body);
		},

	/** Sends a complete stream, each chunk by itself. */
	stream:
		(chunks: Buffer | readonly Buffer[], headers: Record<string, string> = EVENT_STREAM): Behaviour =>
		async (response) => {
			response.writeHead(200, headers);
			response.socket?.setNoDelay(true);
			for (const chunk of Array.isArray(chunks) ? chunks : [chunks]) await write(response, chunk);
			response.end();
		},

	/** Sends these bytes, then closes the connection. */
	cutOff:
		(bytes: Buffer, headers: Record<string, string> = EVENT_STREAM): Behaviour =>
		async (response) => {
			response.writeHead(200, headers);
			await write(response, bytes);
			response.socket?.destroy();
		},

	/** Closes the connection without an answer. */
	disconnect: (): Behaviour => (response) => {
		response.socket?.destroy();
	},

	/** Sends nothing. */
	silence: (): Behaviour => () => {},

	/** Sends the headers and these bytes, then nothing more. */
	stall:
		(bytes: Buffer = Buffer.alloc(0), headers: Record<string, string> = EVENT_STREAM): Behaviour =>
		async (response) => {
			response.writeHead(200, headers);
			response.flushHeaders();
			if (bytes.length > 0) await write(response, bytes);
		},

	/** Sends these bytes repeatedly, as fast as the client reads, until the client closes the connection. */
	flood:
		(bytes: Buffer, headers: Record<string, string> = EVENT_STREAM): Behaviour =>
		async (response) => {
			response.writeHead(200, headers);
			while (!response.destroyed) {
				await write(response, bytes);
				await new Promise(setImmediate); // The client runs in the same process.
			}
		},

	/** Sends bytes in place of an HTTP answer. */
	raw:
		(bytes: string): Behaviour =>
		(response) => {
			response.socket?.end(bytes);
		},
};

/** Resolves when the bytes were sent or the connection is closed. */
function write(response: ServerResponse, bytes: Buffer): Promise<void> {
	return new Promise((resolve) => {
		if (response.destroyed) return resolve();
		const settle = () => {
			response.off("close", settle);
			resolve();
		};
		response.on("close", settle);
		response.write(bytes, settle);
	});
}
