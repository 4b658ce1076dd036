import { connect, type Socket } from "node:net";
import { LONG } from "./token.ts";

/** Connections that are opened at the same time. */
const OPENING = 100;

/** Bytes of one read of a slow reader, and the time between two reads, in milliseconds. */
const SIP = 4_096;
const SIP_MS = 1_000;

/** Connections that a client holds without giving the server anything to do, or while it reads slowly. */
export class HeldConnections {
	readonly #sockets: Socket[] = [];
	readonly #timers: NodeJS.Timeout[] = [];
	#closed = 0;

	/** Number of connections that the server has closed. */
	get closed(): number {
		return this.#closed;
	}

	/** Opens connections that idle after one request, as those of a browser do. */
	async idle(origin: string, count: number): Promise<void> {
		await this.#open(origin, count, (socket, host) => {
			socket.write(`GET /healthz HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
			socket.resume();
			return new Promise((resolve) => socket.once("data", () => resolve()));
		});
	}

	/** Opens streams of long answers, and reads them slowly. */
	async slowReaders(origin: string, key: string, count: number): Promise<void> {
		const body = JSON.stringify({ model: "m", stream: true, messages: [{ role: "user", content: LONG }] });
		await this.#open(origin, count, (socket, host) => {
			const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
			socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
			return new Promise((resolve) => {
				socket.once("readable", resolve);
				this.#timers.push(setInterval(() => socket.read(SIP), SIP_MS));
			});
		});
	}

	close(): void {
		for (const timer of this.#timers) clearInterval(timer);
		for (const socket of this.#sockets.splice(0)) socket.destroy();
	}

	async #open(origin: string, count: number, begin: (socket: Socket, host: string) => Promise<void>): Promise<void> {
		const { hostname, port, host } = new URL(origin);
		for (let opened = 0; opened < count; opened += OPENING) {
			const some = Array.from({ length: Math.min(OPENING, count - opened) }, async () => {
				const socket = connect(Number(port), hostname);
				this.#sockets.push(socket);
				const gone = new Promise<void>((resolve) => {
					socket.on("error", () => {});
					socket.once("close", () => {
						this.#closed += 1;
						resolve();
					});
				});
				await new Promise<void>((resolve) => socket.once("connect", resolve).once("close", () => resolve()));
				await Promise.race([begin(socket, host), gone]);
			});
			await Promise.all(some);
		}
	}
}
