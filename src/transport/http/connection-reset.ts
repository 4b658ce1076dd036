import type { Socket } from "node:net";

/** Code that takes the place of `ECONNRESET` in the error of a socket. */
const CODE = "ERR_CONNECTION_RESET";

/**
 * Makes a reset connection an error for undici too. If an answer ends with its connection, undici takes `ECONNRESET` for that end, so a
 * cut answer would be whole. Call it once for each socket, before undici adds its own listener.
 */
export function reportReset(socket: Socket): void {
	socket.on("error", (error) => {
		if ("code" in error && error.code === "ECONNRESET") error.code = CODE;
	});
}
