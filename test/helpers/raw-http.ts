import { connect, type Socket } from "node:net";

/** A connection that a test writes bytes to. */
export interface RawConnection {
	readonly socket: Socket;
	/** Text that the server has sent so far. */
	readonly received: () => string;
	/** Resolves when the server has closed the connection, with all that it sent. */
	readonly closed: Promise<string>;
	/** Resolves when the text matches. Rejects if the connection is closed before. */
	until(pattern: RegExp): Promise<string>;
}

/** Opens a connection to a port of loopback, and sends a text, one byte for each character. */
export function openRaw(port: number, text = "", localAddress?: string): RawConnection {
	const socket = connect({ port, host: "127.0.0.1", ...(localAddress === undefined ? {} : { localAddress }) });
	let received = "";
	const watchers = new Set<() => void>();
	const wake = (): void => {
		for (const watcher of watchers) watcher();
	};
	const { promise: closed, resolve } = Promise.withResolvers<string>();
	socket.setEncoding("latin1");
	socket.on("data", (chunk) => {
		received += chunk;
		wake();
	});
	// A server that refuses a large request resets the connection.
	socket.on("error", () => {});
	socket.on("close", () => {
		resolve(received);
		wake();
	});
	if (text !== "") socket.write(text, "latin1");
	return {
		socket,
		received: () => received,
		closed,
		until: (pattern) =>
			new Promise((found, missed) => {
				const check = (): void => {
					const isFound = pattern.test(received);
					if (!isFound && !socket.closed) return;
					watchers.delete(check);
					if (isFound) found(received);
					else missed(new Error(`the connection was closed after: ${received}`));
				};
				watchers.add(check);
				check();
			}),
	};
}

/** Sends a text and returns the status of the first answer; "closed" if the connection is closed without one. */
export async function statusOf(port: number, text: string): Promise<string> {
	const connection = openRaw(port, text);
	const answer = await connection.until(/^HTTP\/1\.1 (\d{3}) [\s\S]*?\r\n\r\n/).catch(() => "closed");
	connection.socket.destroy();
	return /^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? answer;
}
