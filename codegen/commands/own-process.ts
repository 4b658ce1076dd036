/** The streams and signals of this process, for a command line. */
import { EXIT } from "./context.ts";

export interface OwnProcess {
	readonly stdout: (text: string) => void;
	readonly stderr: (text: string) => void;
	readonly color: boolean;
	/** Aborted by Ctrl-C and by a request to end. */
	readonly signal: AbortSignal;
}

/** @param name of the program, before messages about its streams */
export function ownProcess(name: string): OwnProcess {
	const interrupt = new AbortController();
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
	for (const stream of [process.stdout, process.stderr]) {
		stream.on("error", (cause: NodeJS.ErrnoException) => {
			// The reader of a pipe may leave early, as `head` does.
			if (cause.code === "EPIPE") return;
			if (stream === process.stdout) process.stderr.write(`${name}: cannot write to standard output: ${cause.message}\n`);
			process.exit(EXIT.crash);
		});
	}
	return {
		stdout: (text) => process.stdout.write(text),
		stderr: (text) => process.stderr.write(text),
		color: process.stderr.isTTY === true && process.stderr.hasColors(),
		signal: interrupt.signal,
	};
}

/** Ends the process with an exit code once nothing is left to do; after an interruption, at once. */
export function endWith(exitCode: number): void {
	process.exitCode = exitCode;
	// An interrupted run may still have an emitter at work, which is not waited for.
	if (exitCode === EXIT.interrupted) process.exit();
}
