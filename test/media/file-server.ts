import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";

export type Handler = (response: ServerResponse, request: IncomingMessage) => void;

/** An HTTP server of files on real sockets, on one port of several loopback addresses. Records its requests and connections. */
export class FileServer {
	readonly port: number;
	/** `host path` of each request. */
	readonly requests: string[] = [];
	readonly headers: IncomingMessage["headers"][] = [];
	/** Local address of each connection, including closed ones. */
	readonly connectedTo: (string | undefined)[] = [];
	readonly #servers: readonly Server[];
	readonly #sockets = new Set<Socket>();
	readonly #watchers: (() => void)[] = [];

	private constructor(servers: readonly Server[], port: number, files: Readonly<Record<string, Handler>>) {
		this.#servers = servers;
		this.port = port;
		for (const server of servers) {
			server.on("connection", (socket: Socket) => {
				this.connectedTo.push(socket.localAddress);
				this.#sockets.add(socket);
				socket.on("error", () => {});
				socket.on("close", () => {
					this.#sockets.delete(socket);
					for (const watcher of this.#watchers.splice(0)) watcher();
				});
			});
			server.on("request", (request: IncomingMessage, response: ServerResponse) => {
				this.requests.push(`${request.headers.host} ${request.url}`);
				this.headers.push(request.headers);
				const file = files[request.url ?? ""] ?? send("not found", {}, 404);
				file(response, request);
			});
		}
	}

	static async start(files: Readonly<Record<string, Handler>>, addresses: readonly string[] = ["127.0.0.1"]): Promise<FileServer> {
		const servers = addresses.map(() => createServer());
		let port = 0;
		for (const [index, server] of servers.entries()) {
			await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, addresses[index], resolve));
			const address = server.address();
			if (address === null || typeof address === "string") throw new Error("the server does not listen on a port");
			port = address.port;
		}
		return new FileServer(servers, port, files);
	}

	/** Resolves when no connection is open. */
	async quiet(): Promise<void> {
		while (this.#sockets.size > 0) await new Promise<void>((resolve) => this.#watchers.push(resolve));
	}

	async close(): Promise<void> {
		for (const server of this.#servers) {
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		}
	}
}

export function send(body: string | Uint8Array, headers: Record<string, string> = {}, status = 200): Handler {
	return (response) => {
		response.writeHead(status, headers).end(body);
	};
}

export function redirect(location: string, status = 302): Handler {
	return send("moved", { location }, status);
}

/** Sends headers and the start of a body, and never ends the response. */
export function stall(body: string): Handler {
	return (response) => {
		response.writeHead(200, { "content-type": "text/plain" });
		response.write(body);
	};
}
