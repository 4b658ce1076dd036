import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A link between a host and a server, which a test cuts, delays or sends elsewhere. */
export class TcpProxy implements AsyncDisposable {
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();
	readonly #silent = new WeakSet<Socket>();
	#target: number;
	#delayMs = 0;
	#cut = false;

	private constructor(server: Server, target: number) {
		this.#server = server;
		this.#target = target;
		server.on("connection", (client) => this.#join(client));
	}

	/** @param target Port of loopback that connections go to. */
	static async start(target: number): Promise<TcpProxy> {
		const server = createServer().listen(0, "127.0.0.1");
		await once(server, "listening");
		return new TcpProxy(server, target);
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	/** Ends all connections, and refuses further ones. */
	cut(): void {
		this.#cut = true;
		for (const socket of this.#sockets) socket.destroy();
	}

	/** Accepts connections again. */
	restore(): void {
		this.#cut = false;
	}

	/** Delays all bytes, those in flight excepted. 0 for none. */
	delay(ms: number): void {
		this.#delayMs = ms;
	}

	/** Drops all bytes of the present connections, as a machine that is gone. Further connections go to `target`. */
	silence(target: number): void {
		this.#target = target;
		for (const socket of this.#sockets) this.#silent.add(socket);
	}

	/** Sends further connections to another port, and ends the present ones. */
	redirect(target: number): void {
		this.#target = target;
		for (const socket of this.#sockets) socket.destroy();
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.cut();
		this.#server.close();
		await once(this.#server, "close");
	}

	#join(client: Socket): void {
		if (this.#cut) {
			client.destroy();
			return;
		}
		const server = connect(this.#target, "127.0.0.1");
		for (const [from, to] of [
			[client, server],
			[server, client],
		] as const) {
			this.#sockets.add(from);
			from.on("data", (bytes) => this.#pass(bytes, to));
			from.on("error", () => {});
			from.on("close", () => {
				this.#sockets.delete(from);
				to.destroy();
			});
		}
	}

	#pass(bytes: Buffer, to: Socket): void {
		if (this.#silent.has(to)) return;
		if (this.#delayMs === 0) to.write(bytes);
		else setTimeout(() => to.destroyed || to.write(bytes), this.#delayMs);
	}
}
