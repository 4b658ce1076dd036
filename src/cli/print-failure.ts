import process from "node:process";
import { jsonLine } from "./json-line.ts";
import { reportError } from "./report-error.ts";
import { printToStderr } from "./terminal.ts";

/** Prints why a command could not be carried out: to standard output with `--json`, else to standard error. Returns the exit code. */
export function printFailure(thrown: unknown, command: { readonly json?: boolean }): number {
	return print(reportError(thrown, "setup"), command, {});
}

/** Prints as `printFailure` does, for a command whose JSON begins with `ok`. */
export function printNotOk(report: ReturnType<typeof reportError>, command: { readonly json?: boolean }): number {
	return print(report, command, { ok: false });
}

function print(
	{ json: error, text, exitCode }: ReturnType<typeof reportError>,
	{ json }: { readonly json?: boolean },
	first: object,
): number {
	if (json) process.stdout.write(jsonLine({ ...first, error }));
	else printToStderr(`spear: ${text}\n`);
	return exitCode;
}
