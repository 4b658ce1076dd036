import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { runCommand } from "../../src/cli/program.ts";
import { ROOT } from "./guest.ts";

export interface SpearOptions {
	readonly env?: NodeJS.ProcessEnv;
	readonly cwd?: string;
	/** Standard input of the process. The default is empty. */
	readonly stdin?: string | Uint8Array;
	/** Leaves standard input open. */
	readonly keepStdinOpen?: boolean;
	/** Called with the process when it has started. */
	readonly onStart?: (child: ChildProcess) => void;
}

export interface SpearResult {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the `spear` command in this process and captures its output, for tests in which the process is not the subject. */
export async function spearHere(args: readonly string[]): Promise<SpearResult> {
	const printed = { stdout: "", stderr: "" };
	const streams = [
		{ name: "stdout", stream: process.stdout, write: process.stdout.write },
		{ name: "stderr", stream: process.stderr, write: process.stderr.write },
	] as const;
	for (const { name, stream } of streams)
		stream.write = (data: string | Uint8Array) => {
			printed[name] += typeof data === "string" ? data : Buffer.from(data).toString();
			return true;
		};
	try {
		const code = await runCommand(args);
		return { code, ...printed };
	} finally {
		for (const { stream, write } of streams) stream.write = write;
	}
}

/** Runs the `spear` command in a process of its own until it ends. */
export function spear(args: readonly string[], options: SpearOptions = {}): Promise<SpearResult> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", join(ROOT, "src/cli/main.ts"), ...args], {
			cwd: options.cwd,
			env: { ...process.env, ...options.env },
		});
		const printed = { stdout: "", stderr: "" };
		for (const name of ["stdout", "stderr"] as const) {
			child[name].on("data", (data: Buffer) => {
				printed[name] += data.toString();
			});
		}
		child.on("error", reject);
		child.on("close", (code) => resolve({ code, ...printed }));
		options.onStart?.(child);
		child.stdin.on("error", () => {}); // It may end without reading.
		if (!options.keepStdinOpen) child.stdin.end(options.stdin ?? "");
	});
}
