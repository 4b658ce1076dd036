import type { Socket } from "node:net";
import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import { Throttle } from "../../time/throttle.ts";

/** Shortest time between two lines of the log about the bound, in milliseconds. */
const NOTICE_MS = 60_000;

/** An open connection. */
export interface Connection {
	/** The socket of TCP, or that of TLS after the handshake. */
	socket: Socket;
	/** Number of requests in progress. */
	requests: number;
}

/**
 * The open connections of a server. Beyond the bound, the connection that has been idle for the longest time is closed in favour of a new one, so
 * that idle connections cannot shut others out. A connection is idle while it has no request, also before its first one.
 */
export class Connections {
	readonly #max: number;
	readonly #open = new Set<Connection>();
	/** The longest idle first. */
	readonly #idle = new Set<Connection>();
	readonly #byAddress = new Map<string, Connection>();
	readonly #bySocket = new WeakMap<Socket, Connection>();
	readonly #logger: Logger;
	readonly #notice: Throttle;

	constructor(max: number, { logger, clock }: { readonly logger: Logger; readonly clock: Clock }) {
		this.#max = max;
		this.#logger = logger;
		this.#notice = new Throttle(clock, NOTICE_MS);
	}

	get count(): number {
		return this.#open.size;
	}

	/** Adds a new connection, or closes it if every other one has a request. */
	add(socket: Socket): void {
		if (this.#open.size >= this.#max && !this.#makeRoom()) {
			socket.destroy();
			return;
		}
		const connection: Connection = { socket, requests: 0 };
		const address = addressOf(socket);
		this.#open.add(connection);
		this.#idle.add(connection);
		this.#byAddress.set(address, connection);
		this.#hold(connection, socket, address);
	}

	/** Replaces the socket of a connection after the handshake of TLS. */
	secure(socket: Socket): void {
		const address = addressOf(socket);
		const connection = this.#byAddress.get(address);
		// Closed by the bound during the handshake.
		if (connection === undefined) socket.destroy();
		else this.#hold(connection, socket, address);
	}

	/** Counts a request. Returns the connection, and the function that ends the count. */
	begin(socket: Socket): { readonly connection: Connection; readonly end: () => void } {
		const connection = this.#bySocket.get(socket) ?? { socket, requests: 0 };
		connection.requests += 1;
		this.#idle.delete(connection);
		const end = (): void => {
			connection.requests -= 1;
			if (connection.requests === 0 && this.#open.has(connection)) this.#idle.add(connection);
		};
		return { connection, end };
	}

	/** Returns true for a connection without a request. */
	isIdle(socket: Socket): boolean {
		const connection = this.#bySocket.get(socket);
		return connection === undefined || connection.requests === 0;
	}

	/** Closes the idle connections. */
	closeIdle(): void {
		for (const { socket } of this.#idle) socket.destroy();
	}

	#hold(connection: Connection, socket: Socket, address: string): void {
		connection.socket = socket;
		this.#bySocket.set(socket, connection);
		socket.once("close", () => {
			if (connection.socket !== socket) return;
			this.#open.delete(connection);
			this.#idle.delete(connection);
			if (this.#byAddress.get(address) === connection) this.#byAddress.delete(address);
		});
	}

	#makeRoom(): boolean {
		const [longestIdle] = this.#idle;
		const closed = this.#notice.pass();
		if (closed !== undefined)
			this.#logger.warn(
				{ closed, max_connections: this.#max },
				longestIdle === undefined
					? "new connections are closed: max_connections are open, each with a request"
					: "idle connections are closed in favour of new ones: max_connections are open",
			);
		if (longestIdle === undefined) return false;
		this.#open.delete(longestIdle);
		this.#idle.delete(longestIdle);
		longestIdle.socket.destroy();
		return true;
	}
}

/** Returns a text that no other open connection has. */
function addressOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
	return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
