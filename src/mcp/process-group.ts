import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import process from "node:process";
import type { Readable, Writable } from "node:stream";

/** Time between two looks at a group that ends, in milliseconds. */
const LOOK_MS = 25;

export interface ProcessOptions {
	readonly command: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
	readonly cwd: string | undefined;
}

/** Groups that run. Ended with the host's process, also when the host was never closed. */
const running = new Set<ProcessGroup>();

function killAll(): void {
	for (const group of running) group.signal("SIGKILL");
}

/**
 * A program and all that it starts, in a process group of its own: `npx`, for example, starts the server as a grandchild. Windows has no such
 * groups, and there only the program itself is ended.
 */
export class ProcessGroup {
	readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
	#ending: Promise<void> | undefined;

	constructor({ command, args, env, cwd }: ProcessOptions) {
		this.#child = spawn(command, [...args], {
			env: { ...env },
			detached: process.platform !== "win32",
			stdio: ["pipe", "pipe", "pipe"],
			windowsHide: true,
			...(cwd === undefined ? {} : { cwd }),
		});
		if (this.#child.pid === undefined) return;
		if (running.size === 0) process.on("exit", killAll);
		running.add(this);
	}

	get child(): ChildProcess {
		return this.#child;
	}

	get stdin(): Writable {
		return this.#child.stdin;
	}

	get stdout(): Readable {
		return this.#child.stdout;
	}

	get stderr(): Readable {
		return this.#child.stderr;
	}

	/** Sends a signal to all processes of the group. Does nothing for a group that has ended. */
	signal(name: NodeJS.Signals | 0): boolean {
		const { pid } = this.#child;
		if (pid === undefined) return false;
		try {
			return process.platform === "win32" ? this.#child.kill(name) : process.kill(-pid, name);
		} catch {
			return false;
		}
	}

	/**
	 * Ends all processes of the group: closes their input and asks them to end, and kills those that are left after a time. Resolves when none
	 * is left.
	 *
	 * @param graceMs Time before the processes are killed, in milliseconds.
	 */
	end(graceMs: number): Promise<void> {
		this.#ending ??= this.#end(graceMs);
		return this.#ending;
	}

	async #end(graceMs: number): Promise<void> {
		this.#child.stdin.destroy();
		this.signal("SIGTERM");
		const last = performance.now() + graceMs;
		while (this.#isAlive() && performance.now() < last) await look();
		this.signal("SIGKILL");
		this.#child.stdout.destroy();
		this.#child.stderr.destroy();
		running.delete(this);
		if (running.size === 0) process.off("exit", killAll);
	}

	/** True while a process of the group runs. A zombie counts until its parent has taken its status. */
	#isAlive(): boolean {
		return this.signal(0);
	}
}

function look(): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}
