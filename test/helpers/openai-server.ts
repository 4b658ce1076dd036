import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** How an exchange ended, as the server saw it. */
export interface Ending {
	/** Time of the end, on the clock of `performance.now()`. */
	readonly at: number;
	/** The client hung up before the answer was complete. */
	readonly hungUp: boolean;
}

/** A request as it came over the wire. */
export interface ReceivedRequest {
	readonly method: string;
	/** With the query. */
	readonly path: string;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
	/** The body as it came, for one that is not text. */
	readonly bytes: Buffer;
	/** Port of the client's end: tells connections apart. */
	readonly clientPort: number | undefined;
	/** Resolves when the exchange has ended, one way or the other. */
	readonly ended: Promise<Ending>;
	/** The body, parsed. */
	json(): unknown;
}

/** What the server does with one request. */
export type Behaviour = (response: ServerResponse, request: ReceivedRequest) => void | Promise<void>;

/**
 * An upstream in the manner of OpenAI's, over real sockets on the loopback interface. It answers each request with the next
 * behaviour of its script, keeps every request it got, and knows its open sockets.
 */
export class OpenAiServer {
	/** To be given as `base_url`. */
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
			socket.on("error", () => {}); // A client that hangs up is what many tests are about.
			socket.on("close", () => {
				this.#sockets.delete(socket);
				this.#changed();
			});
		});
		server.on("request", (message, response) => void this.#serve(message, response));
	}

	/** Starts on a free port, with the beginning of a script. */
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

	/** The request with this number, from 0, as soon as it is there. */
	async request(index: number): Promise<ReceivedRequest> {
		for (;;) {
			const request = this.requests[index];
			if (request !== undefined) return request;
			await this.#change();
		}
	}

	/** How many connections are open. */
	get openSockets(): number {
		return this.#sockets.size;
	}

	/** Resolves when no connection is open any more. */
	async quiet(): Promise<void> {
		while (this.#sockets.size > 0) await this.#change();
	}

	/** Closes every connection and stops. */
	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
		const ended = new Promise<Ending>((resolve) => {
			response.on("close", () => resolve({ at: performance.now(), hungUp: !response.writableFinished }));
		});
		const chunks: Buffer[] = [];
		try {
			for await (const chunk of message) chunks.push(chunk);
		} catch {
			return; // The client hung up while it sent.
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
		const behaviour = this.#script.shift() ?? answer.status(500, { error: { message: "the script of the test server is at its end" } });
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

/** Bytes of an event stream: each value as one event's data, then `[DONE]` unless `done` is false. */
export function sse(values: readonly unknown[], { done = true, newline = "\n" } = {}): Buffer {
	const data = values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
	if (done) data.push("[DONE]");
	return Buffer.from(data.map((line) => `data: ${line}${newline}${newline}`).join(""));
}

/** The bytes cut at these offsets. */
export function cut(bytes: Buffer, offsets: readonly number[]): Buffer[] {
	const bounds = [0, ...[...offsets].sort((a, b) => a - b), bytes.length];
	return bounds.slice(1).map((end, index) => bytes.subarray(bounds[index], end));
}

const EVENT_STREAM = { "content-type": "text/event-stream; charset=utf-8" };

/** Behaviours for a script. */
export const answer = {
	/** A whole answer in JSON. */
	json:
		(body: unknown, headers: Record<string, string> = {}): Behaviour =>
		(response) => {
			response.writeHead(200, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
		},

	/** A status, with a body in JSON unless it is a string. */
	status:
		(status: number, body: unknown = "", headers: Record<string, string> = {}): Behaviour =>
		(response) => {
			const text = typeof body === "string" ? body : JSON.stringify(body);
			response.writeHead(status, { "content-type": typeof body === "string" ? "text/plain" : "application/json", ...headers }).end(text);
		},

	/** Any text with status 200. */
	text:
		(body: string | Buffer, headers: Record<string, string> = { "content-type": "application/json" }): Behaviour =>
		(response) => {
			response.writeHead(200, headers).end(body);
		},

	/** A stream that comes to its proper end; each piece goes out on its own. */
	stream:
		(pieces: Buffer | readonly Buffer[], headers: Record<string, string> = EVENT_STREAM): Behaviour =>
		async (response) => {
			response.writeHead(200, headers);
			response.socket?.setNoDelay(true);
			for (const piece of Array.isArray(pieces) ? pieces : [pieces]) await write(response, piece);
			response.end();
		},

	/** These bytes, and then the connection is cut. */
	cutOff:
		(bytes: Buffer, headers: Record<string, string> = EVENT_STREAM): Behaviour =>
		async (response) => {
			response.writeHead(200, headers);
			await write(response, bytes);
			response.socket?.destroy();
		},

	/** The connection is cut before any answer. */
	hangUp: (): Behaviour => (response) => {
		response.socket?.destroy();
	},

	/** No answer at all. */
	silence: (): Behaviour => () => {},

	/** These bytes, if any, after the headers, and then nothing more. */
	stall:
		(bytes: Buffer = Buffer.alloc(0), headers: Record<string, string> = EVENT_STREAM): Behaviour =>
		async (response) => {
			response.writeHead(200, headers);
			response.flushHeaders();
			if (bytes.length > 0) await write(response, bytes);
		},

	/** These bytes over and over, as fast as the client takes them, until it hangs up. */
	flood:
		(bytes: Buffer, headers: Record<string, string> = EVENT_STREAM): Behaviour =>
		async (response) => {
			response.writeHead(200, headers);
			while (!response.destroyed) {
				await write(response, bytes);
				await new Promise(setImmediate); // The client shares this process.
			}
		},

	/** Bytes in place of an HTTP answer. */
	raw:
		(bytes: string): Behaviour =>
		(response) => {
			response.socket?.end(bytes);
		},
};

/** Resolves when the bytes are on their way, or never will be. */
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
