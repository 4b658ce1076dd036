/** Streams, directories and exit codes of a command line. */

export const EXIT = { clean: 0, crash: 1, usage: 2, findings: 100, interrupted: 130 } as const;

/** Surroundings of a command; a test passes its own. */
export interface Context {
	/** Absolute path of the working directory. */
	readonly cwd: string;
	readonly stdout: (text: string) => void;
	readonly stderr: (text: string) => void;
	/** Reads all of the standard input. */
	readonly stdin: () => Promise<string>;
	readonly color: boolean;
	/** Aborted by Ctrl-C. */
	readonly signal?: AbortSignal;
}

/** Takes the exit code of a command that has ended. */
export type Done = (exitCode: number) => void;

/** Prints a value as JSON with a line end. */
export function printJson(context: Context, value: unknown): void {
	context.stdout(`${JSON.stringify(value, null, "\t")}\n`);
}
