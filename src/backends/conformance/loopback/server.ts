import { createServer, type Server, type Socket } from "node:net";
import { Exchange } from "./exchange.ts";
import type { Reply } from "./replies.ts";
import { type RawRequest, RequestReader } from "./request-reader.ts";

/** A request as the server received it, and the end of its exchange. */
export type ReceivedRequest = RawRequest & Pick<Exchange, "closedByClient">;

/** Scripted HTTP upstream on a loopback port. Keeps each request that it receives. */
export class LoopbackServer {
	/** Origin, such as `http://127.0.0.1:40123`. */
	readonly url: string;
	readonly requests: ReceivedRequest[] = [];
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	readonly #watchers: (() => void)[] = [];
	#replies: Reply[] = [];

	private constructor(server: Server, url: string) {
		this.#server = server;
		this.url = url;
		server.on("connection", (socket) => this.#accept(socket));
	}

	/** Starts on a free port. */
	static async start(): Promise<LoopbackServer> {
		const server = createServer({ noDelay: true });
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
		return new LoopbackServer(server, `http://127.0.0.1:${address.port}`);
	}

	/** Sets the replies of the next requests. The last is repeated. */
	play(...replies: Reply[]): void {
		this.#replies = replies;
	}

	/** Resolves with the request of this index once it has arrived. */
	async request(index: number): Promise<ReceivedRequest> {
		for (;;) {
			const request = this.requests[index];
			if (request !== undefined) return request;
			await this.#change();
		}
	}

	/** Resolves when no connection is open. */
	async quiet(): Promise<void> {
		while (this.#sockets.size > 0) await this.#change();
	}

	/** Closes every connection and the server. */
	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#accept(socket: Socket): void {
		this.#sockets.add(socket);
		socket.on("error", () => {}); // Many checks close connections from the client's side.
		socket.on("close", () => {
			this.#sockets.delete(socket);
			this.#changed();
		});
		new RequestReader(socket, (request) => {
			const exchange = new Exchange(socket);
			this.requests.push({ ...request, closedByClient: exchange.closedByClient });
			this.#changed();
			const reply = this.#replies.length > 1 ? this.#replies.shift() : this.#replies[0];
			void reply?.(exchange);
		});
	}

	#change(): Promise<void> {
		return new Promise((resolve) => this.#watchers.push(resolve));
	}

	#changed(): void {
		for (const watcher of this.#watchers.splice(0)) watcher();
	}
}
