import { text } from "node:stream/consumers";
import { CodegenFailure } from "../failure.ts";
import { EXIT } from "./context.ts";
import { run } from "./program.ts";

/** Runs one command line as the process's own. */
export async function main(args: readonly string[]): Promise<void> {
	const interrupt = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
	for (const stream of [process.stdout, process.stderr]) {
		// The reader of a pipe may leave early, as `head` does.
		stream.on("error", (cause: NodeJS.ErrnoException) => {
			if (cause.code === "EPIPE") return;
			if (stream === process.stdout) process.stderr.write(`spear-codegen: cannot write to standard output: ${cause.message}\n`);
			process.exit(EXIT.crash);
		});
	}
	process.exitCode = await run(args, {
		cwd: process.cwd(),
		stdout: (chunk) => process.stdout.write(chunk),
		stderr: (chunk) => process.stderr.write(chunk),
		stdin: () => uninterrupted(text(process.stdin), interrupt.signal),
		color: process.stderr.isTTY === true && process.stderr.hasColors(),
		signal: interrupt.signal,
	});
	// An interrupted run may still have an emitter at work, which is not waited for.
	if (process.exitCode === EXIT.interrupted) process.exit();
}

/** @throws CodegenFailure with exit code 130 if the signal is aborted first */
function uninterrupted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
	const { promise, reject } = Promise.withResolvers<never>();
	signal.addEventListener("abort", () => reject(new CodegenFailure("interrupted", { exitCode: EXIT.interrupted })), { once: true });
	return Promise.race([work, promise]);
}
