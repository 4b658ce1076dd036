import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type Socket } from "node:net";
import type { Certificate } from "./certificates.ts";

/** Reply to one request: a connection, a status, or silence. `informed` connects, and sends `100 Continue` before a forwarded answer. */
export type ProxyBehaviour = "connect" | "informed" | "silence" | { readonly status: number };

/** An HTTP proxy on a loopback address. Connects every name to 127.0.0.1, so tests can use names that do not exist. */
export class ConnectProxy {
	readonly port: number;
	/** Target of each request: `CONNECT host:port` or `GET http://host/path`. */
	readonly requests: string[] = [];
	/** `proxy-authorization` of each request. */
	readonly credentials: (string | undefined)[] = [];
	behaviour: ProxyBehaviour = "connect";
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	readonly #watchers: (() => void)[] = [];

	private constructor(server: Server, port: number) {
		this.#server = server;
		this.port = port;
		server.on("connection", (socket) => this.#keep(socket));
		server.on("connect", (request, socket, head) => {
			this.#record(request);
			socket.on("error", () => {});
			socket.on("end", () => socket.end());
			if (!this.#connects) socket.resume(); // As below.
			if (!this.#allows((status) => void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`))) return;
			const upstream = connect(Number(request.url?.split(":").at(-1)), "127.0.0.1");
			this.#keep(upstream);
			upstream.on("connect", () => {
				socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
				upstream.write(head);
				upstream.pipe(socket).pipe(upstream);
			});
			upstream.on("error", () => socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n"));
			upstream.on("close", () => socket.end().resume()); // Otherwise the end of the other connection would not be noticed.
			socket.on("close", () => upstream.destroy());
		});
		server.on("request", (request, response) => {
			this.#record(request);
			if (!this.#allows((status) => void response.writeHead(status).end())) return;
			if (this.behaviour === "informed") response.writeContinue();
			const { port: target, pathname, search } = new URL(request.url ?? "");
			const { "proxy-authorization": _, ...headers } = request.headers;
			const onward = httpRequest(
				{ host: "127.0.0.1", port: target, path: pathname + search, method: request.method, headers },
				(answer) => {
					response.writeHead(answer.statusCode ?? 0, answer.headers);
					answer.pipe(response);
				},
			);
			onward.on("error", () => response.writeHead(502).end());
			request.pipe(onward);
		});
	}

	/** Starts a proxy, over TLS if there is a certificate. */
	static async start(certificate?: Certificate): Promise<ConnectProxy> {
		const server = certificate === undefined ? createServer() : createTlsServer(certificate);
		await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
		const address = server.address();
		if (address === null || typeof address === "string") throw new Error("the proxy does not listen on a port");
		return new ConnectProxy(server, address.port);
	}

	/** Resolves when a request has arrived that is not in `requests` yet. */
	request(): Promise<void> {
		return new Promise((resolve) => this.#watchers.push(resolve));
	}

	/** Resolves when no connection is open. */
	async quiet(): Promise<void> {
		while (this.#sockets.size > 0) await this.request();
	}

	async close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#record(request: IncomingMessage): void {
		this.requests.push(`${request.method} ${request.url}`);
		this.credentials.push(request.headers["proxy-authorization"]);
		this.#changed();
	}

	get #connects(): boolean {
		return this.behaviour === "connect" || this.behaviour === "informed";
	}

	#allows(refuse: (status: number) => void): boolean {
		if (typeof this.behaviour === "object") refuse(this.behaviour.status);
		return this.#connects;
	}

	#keep(socket: Socket): void {
		this.#sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => {
			this.#sockets.delete(socket);
			this.#changed();
		});
	}

	#changed(): void {
		for (const watcher of this.#watchers.splice(0)) watcher();
	}
}
