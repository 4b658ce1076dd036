import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ServerSettings } from "../../config/serve-settings.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { watchFile } from "../../host/file-watcher.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { systemClock } from "../../time/clock.ts";
import { getRequestListener } from "../hono.ts";
import { BodyWatch } from "./body-watch.ts";
import { Connections } from "./connections.ts";
import { MAX_HEADERS, type RequestFault, requestFault } from "./request-fault.ts";
import { readTlsFiles } from "./tls-files.ts";

/** Longest time in which a request may arrive, in milliseconds. 32 MB of a slow line take less. */
const REQUEST_TIMEOUT_MS = 600_000;

/** Longest handshake of TLS, in milliseconds. */
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** Address on which a server listens. */
export interface ServerAddress {
	/** E.g. `http://127.0.0.1:8787`. */
	readonly url: string;
	readonly host: string;
	readonly port: number;
}

/** Parts of the server that answer requests. */
export interface RequestHandlers {
	readonly fetch: (request: Request, env: object) => Response | Promise<Response>;
	/** Answers a request to change the protocol of a connection. */
	readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** Parts that a listener is made of. */
export interface ListenerParts extends RequestHandlers {
	/** Returns the present settings. Settings that need a restart are read once. */
	readonly current: () => ServerSettings;
	readonly logger: Logger;
}

/** Node's HTTP server in front of the application, with its bounds. */
export class HttpListener {
	readonly #server: HttpServer | HttpsServer;
	readonly #settings: ServerSettings;
	readonly #current: () => ServerSettings;
	readonly #logger: Logger;
	readonly #connections: Connections;
	readonly #bodies: BodyWatch;
	readonly #answer: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>;
	/** Answers in progress. */
	readonly #open = new Set<ServerResponse>();
	#isDraining = false;
	/** Reason for which the files of TLS cannot be used now. Logged once. */
	#tlsFault: string | undefined;

	/** @throws SpearError `invalid_request` for a certificate that cannot be used. */
	constructor(settings: ServerSettings, { fetch, upgrade, current, logger }: ListenerParts) {
		this.#current = current;
		this.#logger = logger;
		this.#connections = new Connections(settings.maxConnections, { logger, clock: systemClock });
		this.#bodies = new BodyWatch(
			() => current().bodyTimeoutMs,
			() => systemClock.now(),
		);
		// Requests of HTTP/1.0, e.g. health checks, need no header Host.
		this.#answer = getRequestListener(fetch, { overrideGlobalObjects: false, hostname: "localhost" });
		const options = {
			maxHeaderSize: settings.maxHeaderBytes,
			headersTimeout: settings.headerTimeoutMs,
			requestTimeout: REQUEST_TIMEOUT_MS,
			keepAliveTimeout: settings.keepAliveMs,
			connectionsCheckingInterval: Math.min(1_000, settings.headerTimeoutMs / 2),
			noDelay: true,
			// Requests to upgrade to HTTP/2, which some clients send, are answered as HTTP/1.1.
			shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket",
		};
		this.#settings = settings;
		this.#server =
			settings.tls === undefined
				? createHttpServer(options)
				: createHttpsServer({ ...options, ...readTlsFiles(settings.tls), handshakeTimeout: HANDSHAKE_TIMEOUT_MS });
		// Node drops the fields beyond. One more shows that there are too many.
		this.#server.maxHeadersCount = MAX_HEADERS + 1;
		this.#server.timeout = settings.writeTimeoutMs;
		this.#server.on("request", (incoming, outgoing) => this.#request(incoming, outgoing));
		this.#server.on("checkContinue", (incoming: IncomingMessage, outgoing: ServerResponse) => {
			if (!this.#isTooLarge(incoming)) outgoing.writeContinue();
			this.#request(incoming, outgoing);
		});
		this.#server.on("connection", (socket: Socket) => this.#connections.add(socket));
		this.#server.on("secureConnection", (socket: Socket) => this.#connections.secure(socket));
		this.#server.on("timeout", (socket: Socket) => this.#timedOut(socket));
		this.#server.on("upgrade", (incoming: IncomingMessage, socket, head) => {
			this.#connections.begin(incoming.socket);
			incoming.socket.setTimeout(0);
			upgrade(incoming, socket, head);
		});
	}

	/** @throws SpearError `invalid_request` for an address that cannot be used, e.g. one in use. */
	async listen(): Promise<ServerAddress> {
		const { host, port } = this.#settings;
		await new Promise<void>((resolve, reject) => {
			this.#server.once("error", (cause: NodeJS.ErrnoException) => reject(listenError(host, port, cause)));
			this.#server.listen({ host, port }, resolve);
		});
		const address = this.#server.address() as AddressInfo;
		const name = address.family === "IPv6" ? `[${address.address}]` : address.address;
		const scheme = this.#settings.tls === undefined ? "http" : "https";
		return { url: `${scheme}://${name}:${address.port}`, host: address.address, port: address.port };
	}

	/** Number of open connections. */
	get connections(): number {
		return this.#connections.count;
	}

	/** Reads the files of TLS again. Connections keep what they have. Files that cannot be used are reported, and the former ones stay. */
	refreshTls(): void {
		const { tls } = this.#settings;
		if (tls === undefined || !("setSecureContext" in this.#server)) return;
		try {
			const files = readTlsFiles(tls);
			this.#tlsFault = undefined;
			this.#server.setSecureContext(files);
		} catch (thrown) {
			const { message } = SpearError.from(thrown);
			if (message !== this.#tlsFault) this.#logger.error({}, `the former certificate stays in use: ${message}`);
			this.#tlsFault = message;
		}
	}

	/** Reads the files of TLS again whenever they change. Returns the function that ends this. */
	watchTls(): () => void {
		const { tls } = this.#settings;
		if (tls === undefined) return () => {};
		const onFailure = (cause: unknown): void =>
			this.#logger.warn(
				{ cause: String(cause) },
				"the certificate cannot be watched by notifications, so that changes are found by a check every ten seconds",
			);
		return watchFile(tls.certFile, () => this.refreshTls(), onFailure);
	}

	/** Accepts no more connections, closes the idle ones, and closes each other one after its requests. */
	stopAccepting(): void {
		this.#isDraining = true;
		this.#server.close();
		for (const outgoing of this.#open) if (!outgoing.headersSent) outgoing.setHeader("connection", "close");
		this.#connections.closeIdle();
	}

	/** Closes every connection. */
	closeAll(): void {
		this.#bodies.close();
		this.#server.closeAllConnections();
	}

	#request(incoming: IncomingMessage, outgoing: ServerResponse): void {
		const { socket } = incoming;
		const { connection, end } = this.#connections.begin(socket);
		this.#open.add(outgoing);
		outgoing.once("close", () => {
			this.#open.delete(outgoing);
			end();
			if (this.#isDraining && connection.requests === 0) socket.destroySoon();
		});
		if (this.#isDraining || this.#isTooLarge(incoming)) outgoing.setHeader("connection", "close");
		const fault = requestFault(incoming);
		if (fault !== undefined) {
			refuse(outgoing, fault);
			return;
		}
		this.#bodies.watch(incoming, outgoing);
		void this.#answer(incoming, outgoing);
	}

	/** Returns true for a body whose stated length is beyond the bound. The application refuses the request without reading the body. */
	#isTooLarge({ headers }: IncomingMessage): boolean {
		return Number(headers["content-length"] ?? 0) > this.#current().maxBodyBytes;
	}

	/** Closes a connection that was idle for too long, or whose client takes nothing of its answer. One whose answer is not ready stays. */
	#timedOut(socket: Socket): void {
		if (this.#connections.isIdle(socket) || socket.writableLength > 0) socket.destroy();
	}
}

function refuse(outgoing: ServerResponse, { status, message }: RequestFault): void {
	const body = JSON.stringify({ error: { code: "invalid_request", message, retryable: false } });
	outgoing.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body), connection: "close" });
	outgoing.end(body);
}

function listenError(host: string, port: number, cause: NodeJS.ErrnoException): SpearError {
	const at = `${host}:${port}`;
	const messages: Readonly<Record<string, string>> = {
		EADDRINUSE: `${at} is in use; set another port in [server] or by --port, or end the program that listens there`,
		EACCES: `${at} needs more rights; set a port from 1024 on in [server]`,
		EADDRNOTAVAIL: `${host} is no address of this machine; set host in [server]`,
		ENOTFOUND: `${host} is not known; set host in [server] to an address of this machine`,
	};
	return new SpearError("invalid_request", messages[cause.code ?? ""] ?? `cannot listen on ${at}: ${cause.message}`, { cause });
}
