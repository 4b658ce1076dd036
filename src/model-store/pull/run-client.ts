import { spawn } from "node:child_process";
import process from "node:process";
import { throwIfAborted } from "../../async/throw-if-aborted.ts";

/** Part of a client's output that is kept, in characters. The reason of a failure is at the end. */
const KEPT_OUTPUT = 64 * 1024;
/** Time that an interrupted client has to remove its own files, in milliseconds. */
const GRACE_MS = 2_000;

/** End of a registry's client. */
export interface ClientResult {
	/** Exit code, or `null` after a signal. */
	readonly code: number | null;
	/** The last part of standard output and standard error. */
	readonly output: string;
}

/**
 * Runs a registry's client until it ends. An abort ends the client, and is thrown when the client has ended.
 *
 * @throws The system's error if the client cannot be started, or the reason of the abort.
 */
export async function runClient(
	command: string,
	args: readonly string[],
	env: NodeJS.ProcessEnv,
	signal?: AbortSignal,
): Promise<ClientResult> {
	throwIfAborted(signal, "the download");
	const result = await new Promise<ClientResult>((resolve, reject) => {
		// npm is a script of the shell on Windows. The arguments are names and versions of the manifest, and folders.
		const shell = process.platform === "win32";
		const child = spawn(command, shell ? args.map((arg) => `"${arg}"`) : args, { env, shell, stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		const keep = (text: string): void => {
			output = (output + text).slice(-KEPT_OUTPUT);
		};
		child.stdout.setEncoding("utf8").on("data", keep);
		child.stderr.setEncoding("utf8").on("data", keep);
		let kill: NodeJS.Timeout | undefined;
		const onAbort = (): void => {
			child.kill();
			kill = setTimeout(() => child.kill("SIGKILL"), GRACE_MS);
		};
		signal?.addEventListener("abort", onAbort, { once: true });
		const release = (): void => {
			clearTimeout(kill);
			signal?.removeEventListener("abort", onAbort);
		};
		child.on("error", (fault) => {
			release();
			reject(fault);
		});
		child.on("close", (code) => {
			release();
			resolve({ code, output });
		});
	});
	throwIfAborted(signal, "the download");
	return result;
}
