import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from "node:http";
import { createServer as createHttpsServer, type Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import type { ServerSettings } from "../../config/serve-settings.ts";
import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { getRequestListener } from "../hono.ts";

/** Longest time for a whole request, in milliseconds: 1 byte a while would hold a connection for ever otherwise. */
const REQUEST_TIMEOUT_MS = 600_000;

/** Longest time that an HTTP upgrade and a TLS handshake may take, in milliseconds. */
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

/** Node's HTTP server in front of the application, with its bounds. */
export class HttpListener {
	readonly #server: HttpServer | HttpsServer;
	readonly #settings: ServerSettings;

	/** @throws SpearError `invalid_request` for a certificate that cannot be used. */
	constructor(settings: ServerSettings, { fetch, upgrade }: RequestHandlers) {
		const listener = getRequestListener(fetch, { overrideGlobalObjects: false });
		const options = {
			maxHeaderSize: settings.maxHeaderBytes,
			headersTimeout: settings.headerTimeoutMs,
			requestTimeout: REQUEST_TIMEOUT_MS,
			keepAliveTimeout: settings.keepAliveMs,
			connectionsCheckingInterval: 1_000,
			noDelay: true,
			// Requests to upgrade to HTTP/2, which some clients send, are answered as HTTP/1.1.
			shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket",
		};
		this.#settings = settings;
		this.#server =
			settings.tls === undefined
				? createHttpServer(options, listener)
				: createHttpsServer({ ...options, ...tlsFiles(settings.tls), handshakeTimeout: HANDSHAKE_TIMEOUT_MS }, listener);
		this.#server.maxConnections = settings.maxConnections;
		this.#server.on("upgrade", upgrade);
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

	/** Reads the files of TLS again. Connections keep what they have. */
	refreshTls(): void {
		if (this.#settings.tls !== undefined && "setSecureContext" in this.#server) this.#server.setSecureContext(tlsFiles(this.#settings.tls));
	}

	/** Accepts no more connections, and closes the idle ones. */
	stopAccepting(): void {
		this.#server.close();
		this.#server.closeIdleConnections();
	}

	/** Closes every connection. */
	closeAll(): void {
		this.#server.closeAllConnections();
	}
}

function tlsFiles({ certFile, keyFile }: NonNullable<ServerSettings["tls"]>): { readonly cert: Buffer; readonly key: Buffer } {
	return { cert: fileOf(certFile), key: fileOf(keyFile) };
}

function fileOf(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (cause) {
		throw new SpearError("invalid_request", `${path}: ${fileFault(cause)}`, { cause });
	}
}

function listenError(host: string, port: number, cause: NodeJS.ErrnoException): SpearError {
	const at = `${host}:${port}`;
	const messages: Readonly<Record<string, string>> = {
		EADDRINUSE: `${at} is in use; set another port in [server], or end the program that listens there`,
		EACCES: `${at} needs more rights; set a port from 1024 on in [server]`,
		EADDRNOTAVAIL: `${host} is no address of this machine; set host in [server]`,
		ENOTFOUND: `${host} is not known; set host in [server] to an address of this machine`,
	};
	return new SpearError("invalid_request", messages[cause.code ?? ""] ?? `cannot listen on ${at}: ${cause.message}`, { cause });
}
