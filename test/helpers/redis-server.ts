import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testRedis } from "../../scripts/testing/test-redis.ts";

export interface RedisServerOptions {
	/** Further options of the server, e.g. `["--maxmemory", "2mb"]`. */
	readonly args?: readonly string[];
	/** True to keep data over `restart`, by an append-only file that is written with each command. The default is false. */
	readonly durable?: boolean;
}

/** Reason for which tests with a real server are skipped; `undefined` if there is a server. */
export const NO_REDIS = testRedis() === undefined ? "no redis-server is installed; npm run fetch:test-redis installs one" : undefined;

/** A real server on a free port of loopback, with a directory of its own. */
export class RedisServer implements AsyncDisposable {
	readonly port: number;
	readonly #directory: string;
	readonly #options: RedisServerOptions;
	#process: ChildProcess | undefined;

	private constructor(port: number, directory: string, options: RedisServerOptions) {
		this.port = port;
		this.#directory = directory;
		this.#options = options;
	}

	static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
		const server = new RedisServer(await freePort(), await mkdtemp(join(tmpdir(), "spear-redis-")), options);
		try {
			await server.start();
		} catch (thrown) {
			await server[Symbol.asyncDispose]();
			throw thrown;
		}
		return server;
	}

	get url(): string {
		return `redis://127.0.0.1:${this.port}`;
	}

	get pid(): number {
		const pid = this.#process?.pid;
		if (pid === undefined) throw new Error("the server is not running");
		return pid;
	}

	/** Starts the server again, on the same port. */
	async start(): Promise<void> {
		const binary = testRedis();
		if (binary === undefined) throw new Error(NO_REDIS);
		const durable = this.#options.durable === true ? ["--appendonly", "yes", "--appendfsync", "always"] : ["--appendonly", "no"];
		const args = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.#directory, "--save", "", ...durable];
		const child = spawn(binary, [...args, ...(this.#options.args ?? [])], { stdio: ["ignore", "pipe", "pipe"] });
		this.#process = child;
		let output = "";
		const ended = new Promise<never>((_, reject) => {
			child.once("exit", (code) => reject(new Error(`the server ended with ${code}: ${output}`)));
		});
		const ready = new Promise<void>((resolve) => {
			child.stdout?.setEncoding("utf8").on("data", (text: string) => {
				output += text;
				if (output.includes("Ready to accept connections")) resolve();
			});
		});
		await Promise.race([ready, ended]);
		ended.catch(() => {});
	}

	/** Ends the server without a chance to write. */
	async kill(): Promise<void> {
		await this.#end("SIGKILL");
	}

	/** Stops the server as at a hang: connections stay open, and get no answer. */
	freeze(): void {
		this.#process?.kill("SIGSTOP");
	}

	/** Continues after `freeze`. */
	thaw(): void {
		this.#process?.kill("SIGCONT");
	}

	/** Sends one command on a connection of its own, in the inline form, and returns the raw reply. */
	async command(line: string): Promise<string> {
		const socket = connect(this.port, "127.0.0.1");
		try {
			socket.write(`${line}\r\nQUIT\r\n`);
			let reply = "";
			for await (const bytes of socket) reply += bytes;
			return reply.replace(/\+OK\r\n$/, "").trim();
		} finally {
			socket.destroy();
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.#end("SIGKILL");
		await rm(this.#directory, { recursive: true, force: true });
	}

	async #end(signal: NodeJS.Signals): Promise<void> {
		const child = this.#process;
		this.#process = undefined;
		if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
		const exit = once(child, "exit");
		child.kill(signal);
		await exit;
	}
}

/** Returns a port of loopback that nothing listens on now. */
export async function freePort(): Promise<number> {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	server.close();
	await once(server, "close");
	return port;
}
