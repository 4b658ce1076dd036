// Bun replaces the package by a module of its own without these classes, except under the name of the file.
import { type Dispatcher, Pool } from "undici/index.js";
import type { HttpProxy, Network } from "../network.ts";
import { connectorFor, forwarded } from "../proxy/connector.ts";
import { refusedByProxy } from "../proxy/proxy-error.ts";
import type { Connecting } from "../proxy/tunnel.ts";
import type { Headers } from "./headers.ts";

/** Receives the connection that is made for one request. Not called for a request that reuses a connection. */
export interface ConnectionListener {
	/** A connection is being established. Destroying it cancels the attempt. */
	connecting(attempt: Connecting): void;
	/** The connection is established or has failed. */
	settled(): void;
}

/** A request on one of the connections. */
export interface PooledRequest extends Pick<Dispatcher.RequestOptions, "method" | "body"> {
	readonly path: string;
	readonly headers: Headers;
}

/** The connections to one origin. HTTP/1.1 only, so that aborting a request closes its socket. */
export class ConnectionPool {
	readonly #pool: Pool;
	readonly #origin: URL;
	/** Proxy that receives the requests themselves. Absent for direct connections and for tunnels. */
	readonly #forwarder: HttpProxy | undefined;
	/** Listener of the request that is being dispatched. undici connects synchronously within the dispatch. */
	#listener: ConnectionListener | undefined;

	constructor(origin: URL, network: Network) {
		const connect = connectorFor(origin, network);
		this.#origin = origin;
		this.#forwarder = origin.protocol === "http:" ? network.proxyFor(origin) : undefined;
		this.#pool = new Pool(origin.origin, {
			allowH2: false,
			// undici's own timers are coarse, and run while no reader waits. The watchdog of each call replaces them.
			headersTimeout: 0,
			bodyTimeout: 0,
			connect: (target, callback) => {
				const listener = this.#listener;
				const attempt = connect(target, (...result) => {
					listener?.settled();
					callback(...result);
				});
				if (attempt !== undefined) listener?.connecting(attempt);
			},
		});
	}

	/** Sends a request. The handler receives the answer. */
	dispatch(request: PooledRequest, handler: Dispatcher.DispatchHandler, listener: ConnectionListener): void {
		this.#listener = listener;
		try {
			this.#pool.dispatch(this.#forwarder === undefined ? request : forwardedRequest(request, this.#origin, this.#forwarder), handler);
		} finally {
			this.#listener = undefined;
		}
	}

	/** Returns the error for a status that the proxy sets in place of the upstream, or `undefined` for a status of the upstream. */
	refusal(status: number): Error | undefined {
		return status === 407 && this.#forwarder !== undefined ? refusedByProxy(this.#forwarder.url, status) : undefined;
	}

	/** Closes every connection. Requests in flight fail. */
	destroy(): Promise<void> {
		return this.#pool.destroy();
	}
}

/** Returns a request as a proxy receives it: with the whole URL, and the headers that the proxy asks for. */
function forwardedRequest(request: PooledRequest, origin: URL, proxy: HttpProxy): PooledRequest {
	const { path, headers } = forwarded(request.path, origin, proxy);
	return { ...request, path, headers: { ...request.headers, ...headers } };
}
