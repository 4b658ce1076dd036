import { abortError, cancelledError, type SpearError } from "../../errors/spear-error.ts";
import { basePath } from "../http/base-path.ts";
import { exchangeOf } from "../http/exchange.ts";
import { shutDownError } from "../http/failure.ts";
import type { Headers } from "../http/headers.ts";
import type { StatusFailure } from "../http/status-error.ts";
import { DIRECT, type Network } from "../network.ts";
import type { BackendTimeouts } from "../timeouts.ts";
import { WebSocketConnection } from "./connection.ts";
import { openWebSocket } from "./handshake.ts";

/** The handshake needs no model, and a session that is alive replies to a ping at once. */
export const DEFAULT_SOCKET_TIMEOUTS: BackendTimeouts = { connectTimeoutMs: 10_000, firstByteTimeoutMs: 30_000, idleTimeoutMs: 30_000 };

/** Default of the largest message of an upstream, in bytes. An audio chunk of a minute fits. */
export const DEFAULT_MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

export interface WebSocketOptions {
	/** An `http` or `https` URL without user, query and fragment. The URL's path precedes the path of every request. */
	readonly baseUrl: URL;
	/** Headers of every handshake. A request's own headers take precedence. */
	readonly headers?: Headers;
	/**
	 * `firstByteTimeoutMs` limits the answer to the handshake. After a silence of `idleTimeoutMs` the other side gets a ping, and after
	 * another the connection ends. The default is {@link DEFAULT_SOCKET_TIMEOUTS}.
	 */
	readonly timeouts?: Partial<BackendTimeouts>;
	/** Proxies and certificate authorities. The default is direct connections. */
	readonly network?: Network;
	/** Largest message of the upstream, in bytes. The default is {@link DEFAULT_MAX_MESSAGE_BYTES}. */
	readonly maxMessageBytes?: number;
	/** Makes the error for a refused handshake. The default is `statusError`. */
	readonly onStatus?: (failure: StatusFailure) => SpearError;
}

export interface WebSocketRequest {
	/** Begins with `/`. Appended to the path of the base URL. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string>>;
	/** Names are in lower case. */
	readonly headers?: Headers;
	/** The key. An upstream may echo it; no error shows it. */
	readonly secret?: string | undefined;
	/** Aborting it closes the socket at once, during the handshake and later. */
	readonly signal: AbortSignal;
}

/**
 * WebSocket client of one backend instance. Each connection has a socket of its own. Every failure is a SpearError whose message
 * holds neither URL nor secret. Redirects are not followed.
 */
export class WebSocketClient {
	readonly #options: WebSocketOptions;
	readonly #timeouts: BackendTimeouts;
	readonly #open = new Set<AbortController>();
	#closed = false;

	constructor(options: WebSocketOptions) {
		this.#options = options;
		this.#timeouts = { ...DEFAULT_SOCKET_TIMEOUTS, ...options.timeouts };
	}

	/** Opens a connection. Resolves once messages can be sent. */
	async connect(request: WebSocketRequest): Promise<WebSocketConnection> {
		if (this.#closed) throw shutDownError();
		if (request.signal.aborted) throw abortError(request.signal);
		const { headers, onStatus, network = DIRECT, maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES } = this.#options;
		const url = this.#url(request);
		const exchange = exchangeOf("GET", url, { headers, secret: request.secret, proxySecrets: network.secrets });
		const call = new AbortController();
		const onAbort = () => call.abort(abortError(request.signal));
		request.signal.addEventListener("abort", onAbort, { once: true });
		this.#open.add(call);
		const onEnd = () => {
			request.signal.removeEventListener("abort", onAbort);
			this.#open.delete(call);
		};
		try {
			const opened = await openWebSocket({
				url,
				headers: { "accept-encoding": "identity", "user-agent": "spear-hostcall", ...headers, ...request.headers },
				exchange,
				timeouts: this.#timeouts,
				network,
				maxMessageBytes,
				onStatus,
				signal: call.signal,
			});
			return new WebSocketConnection({
				...opened,
				exchange,
				signal: call.signal,
				idleTimeoutMs: this.#timeouts.idleTimeoutMs,
				maxMessageBytes,
				onEnd,
			});
		} catch (thrown) {
			onEnd();
			throw thrown;
		}
	}

	/** Ends open connections with `cancelled` and closes every socket. Later requests fail. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const call of this.#open) call.abort(cancelledError("the backend was shut down while it served this call"));
	}

	#url({ path, query = {} }: WebSocketRequest): URL {
		const url = new URL(this.#options.baseUrl);
		url.pathname = basePath(url) + path;
		url.search = new URLSearchParams(query).toString();
		return url;
	}
}
