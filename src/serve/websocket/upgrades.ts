import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { guestName } from "../../errors/guest-name.ts";
import { systemClock } from "../../time/clock.ts";
import type { ServedClient } from "../clients/served-client.ts";
import { HttpError, httpFailure } from "../http-error.ts";
import { errorBody, failureHeaders } from "../middleware/answer-error.ts";
import { checkHost, withoutPort } from "../middleware/checked-host.ts";
import type { ServeContext } from "../serve-context.ts";
import { keyProtocol, offeredProtocols } from "./protocols.ts";
import { WebSocketPeer } from "./web-socket-peer.ts";

/** A request for a WebSocket, of a client that is known. */
export interface UpgradeRequest {
	readonly url: URL;
	readonly client: ServedClient;
	/** Unique id of the request. */
	readonly requestId: string;
}

/** Serves a WebSocket until its end. */
export type PeerHandler = (peer: WebSocketPeer) => Promise<void>;

/** A kind of WebSocket that the server offers. */
export interface UpgradeRoute {
	/** Returns true if the path is of this kind. */
	readonly matches: (path: string) => boolean;
	/** Subprotocols, of which the first that the client offers is chosen. A client that offers none gets none. */
	readonly protocols: readonly string[];
	/**
	 * Returns the handler of a request.
	 *
	 * @throws HttpError for a request that is refused. The client receives it as an answer of HTTP.
	 */
	readonly accept: (request: UpgradeRequest) => PeerHandler;
	/** Returns the body of a refusal. The default is the server's own form. */
	readonly refusal?: (thrown: unknown) => object;
}

/** Largest message, in bytes: 15 s of audio as PCM in base64. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Most fragments of a message. Browsers send one, and each takes memory beside its bytes. */
const MAX_FRAGMENTS = 1024;

/** Most chunks of a message that has not arrived whole. A chunk of the network has up to 64 KiB. */
const MAX_CHUNKS = 4096;

const PING_MS = 30_000;

/**
 * Answers requests for WebSockets. A page of another origin is refused unless the server needs keys, which such a page does not have: browsers
 * ask no server before they open a WebSocket across origins.
 */
export class Upgrades {
	readonly #context: ServeContext;
	readonly #routes: readonly UpgradeRoute[];
	readonly #server = new WebSocketServer({
		noServer: true,
		clientTracking: false,
		// A compressed message of some bytes may be large when it is unpacked.
		perMessageDeflate: false,
		// The peer answers pings, as long as the client reads the answers.
		autoPong: false,
		maxPayload: MAX_MESSAGE_BYTES,
		maxFragments: MAX_FRAGMENTS,
		maxBufferedChunks: MAX_CHUNKS,
		handleProtocols: (offered, request) => this.#chosen(offered, request),
	});

	readonly #ids = new WeakMap<IncomingMessage, string>();

	constructor(context: ServeContext, routes: readonly UpgradeRoute[]) {
		this.#context = context;
		this.#routes = routes;
		this.#server.on("headers", (headers, request) => {
			const id = this.#ids.get(request);
			if (id !== undefined) headers.push(`x-request-id: ${id}`, `x-spear-decision: ${id}`);
		});
	}

	/** Answers a request of Node's server. Never throws. */
	handle(request: IncomingMessage, socket: Duplex, head: Buffer): void {
		socket.on("error", () => socket.destroy());
		const requestId = randomUUID();
		const path = pathOf(request);
		const route = this.#routes.find(({ matches }) => matches(path));
		const startedAt = this.#context.now();
		let client: ServedClient | undefined;
		try {
			const known = this.#checked(route, request, requestId);
			client = known.client;
			const handler = known.route.accept({ url: urlOf(request), client: known.client, requestId });
			this.#ids.set(request, requestId);
			this.#server.handleUpgrade(request, socket, head, (webSocket) => {
				void this.#serve(webSocket, handler, known.client).finally(() => this.#log(requestId, path, 101, startedAt, client));
			});
		} catch (thrown) {
			const failure = httpFailure(thrown);
			const body = route?.refusal?.(thrown) ?? errorBody(failure, requestId);
			refuse(socket, failure.status, { ...failureHeaders(failure), "x-request-id": requestId }, body);
			this.#log(requestId, path, failure.status, startedAt, client);
		}
	}

	/** @throws HttpError for a request that is refused. */
	#checked(
		route: UpgradeRoute | undefined,
		request: IncomingMessage,
		requestId: string,
	): UpgradeRequest & { readonly route: UpgradeRoute } {
		const { isDraining, settings, requests } = this.#context;
		const { host = "", origin } = request.headers;
		checkHost(withoutPort(host), this.#context);
		if (route === undefined) throw new HttpError(404, "not_found", "there is no WebSocket at this path");
		if (isDraining()) throw new HttpError(503, "draining", "the server is stopping; connect again", { headers: { "retry-after": "1" } });
		const { maxRequests, corsOrigins } = settings().server;
		if (requests.running >= maxRequests)
			throw new HttpError(503, "overloaded", `the server has ${maxRequests} requests in progress, its limit`, {
				headers: { "retry-after": "1" },
			});
		const client = this.#clientOf(request);
		const isOwn = origin === undefined || URL.parse(origin)?.host === host.toLowerCase() || corsOrigins.includes(origin);
		if (!isOwn && !this.#context.clients.areKeysNeeded)
			throw new HttpError(403, "wrong_origin", "a page of another origin may not connect; list its origin in cors_origins of [server]");
		this.#context.load.check(client);
		return { url: urlOf(request), client, requestId, route };
	}

	/** Returns the client by the key in a header, or in a subprotocol: browsers cannot set a header. */
	#clientOf(request: IncomingMessage): ServedClient {
		const { clients } = this.#context;
		const key = keyProtocol(offeredProtocols(request.headers["sec-websocket-protocol"]));
		if (key !== undefined) return clients.identifyKey(key);
		return clients.identify(
			new Headers(Object.entries(request.headers).flatMap(([name, value]) => (typeof value === "string" ? [[name, value]] : []))),
		);
	}

	#chosen(offered: ReadonlySet<string>, request: IncomingMessage): string | false {
		const path = pathOf(request);
		const protocols = this.#routes.find(({ matches }) => matches(path))?.protocols ?? [];
		return protocols.find((protocol) => offered.has(protocol)) ?? false;
	}

	async #serve(webSocket: WebSocket, handler: PeerHandler, client: ServedClient): Promise<void> {
		const { requests, load, signal, settings, logger } = this.#context;
		const peer = new WebSocketPeer(webSocket, { clock: systemClock, pingMs: PING_MS, stallMs: settings().server.writeTimeoutMs });
		const onStop = (): void => peer.close(1001, "the server is stopping");
		const onRemoved = (): void => peer.close(1008, "the client was removed or changed");
		signal.addEventListener("abort", onStop, { once: true });
		client.signal.addEventListener("abort", onRemoved, { once: true });
		requests.begin();
		const counted = load.begin(client);
		try {
			await handler(peer);
			peer.close(1000);
		} catch (err) {
			logger.error({ err }, "a WebSocket failed");
			peer.close(1011, "the server failed; its log has the details");
		} finally {
			requests.end();
			counted.end();
			signal.removeEventListener("abort", onStop);
			client.signal.removeEventListener("abort", onRemoved);
		}
	}

	/** Logs a request as those of HTTP are logged. Neither query nor headers are logged: they may hold keys. */
	#log(requestId: string, path: string, status: number, startedAt: number, client: ServedClient | undefined): void {
		const { settings, logger, now } = this.#context;
		if (!settings().server.accessLog) return;
		const duration = Math.round((now() - startedAt) * 10) / 10;
		const fields = { request_id: requestId, status, duration_ms: duration, ...(client === undefined ? {} : { client: client.name }) };
		logger.info(fields, `GET ${guestName(path)}`);
	}
}

function urlOf(request: IncomingMessage): URL {
	return URL.parse(request.url ?? "/", "http://localhost") ?? new URL("http://localhost/");
}

function pathOf(request: IncomingMessage): string {
	return urlOf(request).pathname;
}

/** Answers with a status and closes the connection. */
function refuse(socket: Duplex, status: number, headers: Readonly<Record<string, string>>, body: object): void {
	const text = JSON.stringify(body);
	const all = { "content-type": "application/json", "content-length": String(Buffer.byteLength(text)), ...headers, connection: "close" };
	const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
	// A client that never closes its side would hold the connection.
	socket.once("finish", () => socket.destroy());
	socket.end(`HTTP/1.1 ${status} ${STATUS_TEXTS[status] ?? "Refused"}\r\n${lines.join("")}\r\n${text}`);
}

const STATUS_TEXTS: Readonly<Record<number, string>> = {
	400: "Bad Request",
	401: "Unauthorized",
	403: "Forbidden",
	404: "Not Found",
	421: "Misdirected Request",
	429: "Too Many Requests",
	500: "Internal Server Error",
	503: "Service Unavailable",
};
