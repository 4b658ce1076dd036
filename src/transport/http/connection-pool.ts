import { Socket } from "node:net";
import { buildConnector, type Dispatcher, Pool } from "undici";
import { ignoreContinue } from "./informational.ts";

/** Receives the connection that is made for one request. Not called for a request that reuses a connection. */
export interface ConnectionListener {
	/** A connection is being established on `socket`. */
	connecting(socket: Socket): void;
	/** The connection is established or has failed. */
	settled(): void;
}

/** The connections to one origin. HTTP/1.1 only, so that aborting a request closes its socket. */
export class ConnectionPool {
	readonly #pool: Pool;
	/** Listener of the request that is being dispatched. undici connects synchronously within the dispatch. */
	#listener: ConnectionListener | undefined;

	constructor(origin: string) {
		const connect = buildConnector({ allowH2: false, timeout: 0 });
		this.#pool = new Pool(origin, {
			allowH2: false,
			// undici's own timers are coarse, and run while no reader waits. The watchdog of each call replaces them.
			headersTimeout: 0,
			bodyTimeout: 0,
			connect: (target, callback) => {
				const listener = this.#listener;
				const socket: unknown = connect(target, (...result) => {
					listener?.settled();
					if (result[0] === null) ignoreContinue(result[1]);
					callback(...result);
				});
				if (socket instanceof Socket) listener?.connecting(socket);
			},
		});
	}

	/** Sends a request. Resolves with the headers of the answer. */
	request(options: Dispatcher.RequestOptions, listener: ConnectionListener): Promise<Dispatcher.ResponseData> {
		this.#listener = listener;
		try {
			return this.#pool.request(options);
		} finally {
			this.#listener = undefined;
		}
	}

	/** Closes every connection. Requests in flight fail. */
	destroy(): Promise<void> {
		return this.#pool.destroy();
	}
}
