import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";

/** Longest time that a server may take to start, in milliseconds. */
const START_MS = 30_000;

/** Longest time that a server may take to stop, in milliseconds. */
const STOP_MS = 10_000;

/** Clock ticks a second of `/proc`. The same on every architecture of Linux that Node runs on. */
const TICKS = 100;

/** Memory of a process, in bytes. */
export interface ServerMemory {
	readonly rss: number;
	/** Largest resident memory so far. */
	readonly peak: number;
}

export interface ServerCommand {
	/** Arguments of Node. */
	readonly args: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** File that receives what the server prints. */
	readonly log: string;
	/** URL that answers when the server has started. */
	readonly readyUrl: string;
}

/** A server in a process of its own. */
export class ServerProcess {
	readonly #child: ChildProcess;

	private constructor(child: ChildProcess) {
		this.#child = child;
	}

	/** Starts a server, and waits until it answers. */
	static async start({ args, env = {}, log, readyUrl }: ServerCommand): Promise<ServerProcess> {
		const output = openSync(log, "w");
		const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ["ignore", output, output] });
		closeSync(output);
		const deadline = performance.now() + START_MS;
		while (!(await answers(readyUrl))) {
			if (child.exitCode !== null || performance.now() > deadline) {
				child.kill("SIGKILL");
				throw new Error(`node ${args.join(" ")} did not start:\n${readFileSync(log, "utf8").slice(-2_000)}`);
			}
			await sleep(50);
		}
		return new ServerProcess(child);
	}

	get pid(): number {
		return this.#child.pid ?? Number.NaN;
	}

	/** CPU time so far, in milliseconds. `NaN` where the system has no `/proc`. */
	cpuMs(): number {
		// The name of the process, in brackets, may hold spaces.
		const [, rest = ""] = procFile(this.pid, "stat").split(") ", 2);
		const fields = rest.split(" ");
		return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS;
	}

	/** Members are `NaN` where the system has no `/proc`. */
	memory(): ServerMemory {
		const status = procFile(this.pid, "status");
		const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]) * 1_024;
		return { rss: bytes("VmRSS"), peak: bytes("VmHWM") };
	}

	signal(name: NodeJS.Signals): void {
		this.#child.kill(name);
	}

	/** Resolves with the exit code. `null` for a process that a signal ended. */
	async exit(): Promise<number | null> {
		if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, "exit");
		return this.#child.exitCode;
	}

	/** Ends the server with SIGTERM, and after a while by force. */
	async stop(): Promise<void> {
		this.signal("SIGTERM");
		const timer = setTimeout(() => this.signal("SIGKILL"), STOP_MS);
		await this.exit();
		clearTimeout(timer);
	}
}

function procFile(pid: number, name: string): string {
	try {
		return readFileSync(`/proc/${pid}/${name}`, "utf8");
	} catch {
		return "";
	}
}

async function answers(url: string): Promise<boolean> {
	try {
		const { statusCode, body } = await request(url, { headersTimeout: 1_000 });
		await body.dump();
		return statusCode < 500;
	} catch {
		return false;
	}
}
