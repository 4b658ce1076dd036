import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";

/** A process of `spear worker` that can be killed and started again. */
export class WorkerProcess {
	readonly #args: readonly string[];
	#child: ChildProcess | undefined;
	#errors = "";

	/** @param program Path of the command. */
	constructor(program: string, config: string, runs: number) {
		this.#args = [
			"--disable-warning=ExperimentalWarning",
			program,
			"worker",
			"--config",
			config,
			"--no-watch",
			"--json",
			"--quiet",
			"--runs",
			`${runs}`,
		];
	}

	/** Starts the process, and resolves when it works. */
	async start(): Promise<void> {
		const child = spawn(process.execPath, this.#args, { stdio: ["ignore", "pipe", "pipe"] });
		this.#child = child;
		this.#errors = "";
		child.stderr?.on("data", (data: Buffer) => {
			this.#errors = (this.#errors + data.toString()).slice(-4_096);
		});
		const working = once(child.stdout ?? child, "data");
		const ended = once(child, "exit").then(([code]) => {
			throw new Error(`the worker ended with ${code}: ${this.#errors}`);
		});
		await Promise.race([working, ended]);
		ended.catch(() => {});
	}

	/** Ends the process without a chance to hand anything back. */
	async kill(): Promise<void> {
		await this.#end("SIGKILL");
	}

	/** Stops the process in order. Returns its exit code. */
	async stop(): Promise<number | null> {
		return this.#end("SIGTERM");
	}

	async #end(signal: NodeJS.Signals): Promise<number | null> {
		const child = this.#child;
		this.#child = undefined;
		if (child === undefined) return null;
		if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
		const exit = once(child, "exit");
		child.kill(signal);
		await exit;
		return child.exitCode;
	}
}
