import { text } from "node:stream/consumers";
import { EXIT } from "./context.ts";
import { run } from "./program.ts";

/** Runs one command line as the process's own. */
export async function main(args: readonly string[]): Promise<void> {
	const interrupt = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
	for (const stream of [process.stdout, process.stderr]) {
		// The reader of a pipe may leave early, as `head` does.
		stream.on("error", (cause: NodeJS.ErrnoException) => {
			if (cause.code !== "EPIPE") throw cause;
		});
	}
	process.exitCode = await run(args, {
		cwd: process.cwd(),
		stdout: (chunk) => process.stdout.write(chunk),
		stderr: (chunk) => process.stderr.write(chunk),
		stdin: () => text(process.stdin),
		color: process.stderr.isTTY === true && process.stderr.hasColors(),
		signal: interrupt.signal,
	});
	// An interrupted run may still have an emitter at work, which is not waited for.
	if (process.exitCode === EXIT.interrupted) process.exit();
}
