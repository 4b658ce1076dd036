import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { buildConnector, Client, WebSocket } from "undici";
import { abortError, cancelledError, SpearError } from "../../errors/spear-error.ts";
import { createRedactor } from "../../redaction/redact.ts";
import {
	connectTimeout,
	type Exchange,
	malformedError,
	type StatusFailure,
	shutDownError,
	statusError,
	transportError,
} from "../http/failure.ts";
import type { HttpTimeouts } from "../http/options.ts";
import { retryAfterMs } from "../http/retry-after.ts";
import { Watchdog } from "../watchdog.ts";
import { WebSocketConnection } from "./connection.ts";
import { watchUpgrade } from "./upgrade.ts";

/** `idleMs` is how long the other side may be silent before it is asked for a sign of life, and again before it is given up. */
export const DEFAULT_SOCKET_TIMEOUTS: HttpTimeouts = { connectTimeoutMs: 10_000, firstByteTimeoutMs: 30_000, idleTimeoutMs: 30_000 };

/** Bytes of one message that an upstream may send. */
export const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

/** A handshake that fails leaves nothing behind: the work is asked for in messages. */
const NOTHING_ASKED = { processed: "no" } as const;

export interface WebSocketOptions {
	/** `http` or `https`; its path is put before that of every request. Neither user, query nor fragment. */
	readonly baseUrl: URL;
	/** Sent with every opening handshake; a request's own win. */
	readonly headers?: Readonly<Record<string, string>>;
	/** `firstByteMs` is for the answer to the opening handshake. */
	readonly timeouts?: Partial<HttpTimeouts>;
	readonly maxMessageBytes?: number;
	/** Turns a handshake that was refused into an error; by HTTP's own meaning of the status when absent. */
	readonly onStatus?: (failure: StatusFailure) => SpearError;
}

export interface WebSocketRequest {
	/** Begins with `/`; comes after the base URL's path. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	/** Names in lower case. */
	readonly headers?: Readonly<Record<string, string>>;
	/** What must appear in no error although the upstream may echo it: the key. */
	readonly secret?: string | undefined;
	/** Aborting it closes the socket at once, before and after it stands. */
	readonly signal: AbortSignal;
}

/**
 * WebSocket connections for one backend instance, the twin of `HttpClient`: each over a socket of its own. Every failure is a
 * SpearError whose message holds neither URL nor secret; redirects are not followed.
 */
export class WebSocketClient {
	readonly #options: WebSocketOptions;
	readonly #timeouts: HttpTimeouts;
	readonly #open = new Set<AbortController>();
	#closed = false;

	constructor(options: WebSocketOptions) {
		this.#options = options;
		this.#timeouts = { ...DEFAULT_SOCKET_TIMEOUTS, ...options.timeouts };
	}

	/** Resolves once messages can be sent. */
	async connect(request: WebSocketRequest): Promise<WebSocketConnection> {
		if (this.#closed) throw shutDownError();
		if (request.signal.aborted) throw abortError(request.signal);
		const url = this.#url(request);
		const exchange = this.#exchange(request, url);
		const call = new AbortController();
		const onAbort = () => call.abort(abortError(request.signal));
		request.signal.addEventListener("abort", onAbort, { once: true });
		this.#open.add(call);
		const end = () => {
			request.signal.removeEventListener("abort", onAbort);
			this.#open.delete(call);
		};
		try {
			const { socket, webSocket, client } = await this.#handshake(request, url, exchange, call);
			return new WebSocketConnection({
				socket,
				webSocket,
				exchange,
				signal: call.signal,
				idleMs: this.#timeouts.idleTimeoutMs,
				maxMessageBytes: this.#maxMessageBytes,
				onEnd: () => {
					end();
					void client.destroy();
				},
			});
		} catch (error) {
			end();
			throw error;
		}
	}

	/** Ends what is open with `cancelled` and closes every socket. Connections asked for later fail. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const call of this.#open) call.abort(cancelledError("the backend was shut down while it served this call"));
	}

	get #maxMessageBytes(): number {
		return this.#options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES;
	}

	async #handshake(request: WebSocketRequest, url: URL, exchange: Exchange, call: AbortController) {
		const { connectTimeoutMs, firstByteTimeoutMs } = this.#timeouts;
		const watchdog = new Watchdog((error) => call.abort(error));
		const connect = buildConnector({ allowH2: false, timeout: 0 });
		let connecting: Socket | undefined;
		const client = new Client(url.origin, {
			allowH2: false,
			headersTimeout: 0,
			bodyTimeout: 0,
			webSocket: { maxPayloadSize: this.#maxMessageBytes },
			connect: (target, callback) => {
				const socket: unknown = connect(target, (...result) => {
					watchdog.watch(
						firstByteTimeoutMs,
						() => new SpearError("timeout", `the backend did not begin to answer within ${firstByteTimeoutMs} ms`, NOTHING_ASKED),
					);
					callback(...result);
				});
				if (socket instanceof Socket) connecting = socket;
			},
		});
		const outcome = Promise.withResolvers<Duplex>();
		let upgraded: Duplex | undefined;
		const dispatcher = client.compose(
			watchUpgrade({
				upgraded: (socket) => {
					upgraded = socket;
				},
				refused: ({ status, headers, body }) => {
					const text = exchange.redact(body.toString());
					const failure = { ...exchange, status, headers, body: text, retryAfterMs: retryAfterMs(headers) };
					outcome.reject((this.#options.onStatus ?? statusError)(failure));
				},
				failed: (cause) => outcome.reject(transportError(exchange, "waiting", cause).with(NOTHING_ASKED)),
			}),
		);
		const onAbort = () => outcome.reject(abortError(call.signal));
		call.signal.addEventListener("abort", onAbort, { once: true });
		watchdog.watch(connectTimeoutMs, () => connectTimeout(connectTimeoutMs));
		const webSocket = new WebSocket(url, {
			dispatcher,
			headers: { "user-agent": "spear-hostcall", ...this.#options.headers, ...request.headers },
		});
		webSocket.addEventListener("open", () => upgraded !== undefined && outcome.resolve(upgraded));
		webSocket.addEventListener("close", () =>
			outcome.reject(malformedError(exchange, "it is not the opening of a WebSocket").with(NOTHING_ASKED)),
		);
		try {
			return { socket: await outcome.promise, webSocket, client };
		} catch (error) {
			connecting?.destroy();
			void client.destroy();
			throw error;
		} finally {
			watchdog.stop();
			call.signal.removeEventListener("abort", onAbort);
		}
	}

	#url({ path, query = {} }: WebSocketRequest): URL {
		const url = new URL(this.#options.baseUrl);
		url.pathname = url.pathname.replace(/\/+$/, "") + path;
		url.search = new URLSearchParams(query).toString();
		return url;
	}

	#exchange(request: WebSocketRequest, url: URL): Exchange {
		// Headers are not for keys, but somebody will put one there; a short one is a word like any other.
		const values = Object.values(this.#options.headers ?? {}).filter((value) => value.length >= 12);
		return {
			target: `GET ${url.origin}${url.pathname}`,
			hostname: url.hostname,
			redact: createRedactor([request.secret, ...values]),
		};
	}
}
