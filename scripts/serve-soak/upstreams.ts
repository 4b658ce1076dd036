import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Order } from "./upstream.ts";

/** An upstream in a process of its own. */
export class Upstream {
	readonly name: string;
	readonly port: number;
	#child: ChildProcess;

	private constructor(name: string, child: ChildProcess, port: number) {
		this.name = name;
		this.#child = child;
		this.port = port;
	}

	static async start(name: string): Promise<Upstream> {
		const child = forked(0);
		return new Upstream(name, child, await portOf(child));
	}

	get origin(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Sets the time to the first output, in milliseconds. */
	slow(ms: number): void {
		this.#child.send({ type: "slow", ms } satisfies Order);
	}

	/** Ends the process at once, with its connections. */
	async kill(): Promise<void> {
		this.#child.kill("SIGKILL");
		if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
	}

	/** Starts the process again, on the same port. */
	async restart(): Promise<void> {
		this.#child = forked(this.port);
		await portOf(this.#child);
	}

	/** Returns the tokens of the requests that have arrived since the last call. */
	async seen(): Promise<readonly string[]> {
		this.#child.send({ type: "seen" } satisfies Order);
		const [tokens] = await once(this.#child, "message");
		return Array.isArray(tokens) ? tokens : [];
	}

	/** Returns the number of characters of long answers that were sent. */
	async sent(): Promise<number> {
		this.#child.send({ type: "sent" } satisfies Order);
		const [characters] = await once(this.#child, "message");
		return Number(characters);
	}

	stop(): void {
		if (this.#child.connected) this.#child.disconnect();
	}
}

function forked(port: number): ChildProcess {
	return fork(new URL("./upstream.ts", import.meta.url), [String(port)], { execArgv: [] });
}

async function portOf(child: ChildProcess): Promise<number> {
	const [port] = await once(child, "message");
	return Number(port);
}
