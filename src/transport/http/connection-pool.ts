import { type Dispatcher, Pool } from "undici";
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
	readonly signal: AbortSignal;
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

	/** Sends a request. Resolves with the headers of the answer. */
	request(request: PooledRequest, listener: ConnectionListener): Promise<Dispatcher.ResponseData> {
		const { path, headers } = this.#forwarder === undefined ? request : forwarded(request.path, this.#origin, this.#forwarder);
		this.#listener = listener;
		try {
			return this.#pool.request({ ...request, path, headers: { ...request.headers, ...headers } });
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
