import { jsonLine } from "./json-line.ts";
import { reportError } from "./report-error.ts";
import { printToStderr } from "./terminal.ts";

/** Prints why a command could not be carried out: to standard output with `--json`, else to standard error. Returns the exit code. */
export function printFailure(thrown: unknown, { json }: { readonly json?: boolean }): number {
	const report = reportError(thrown, "setup");
	if (json) process.stdout.write(jsonLine({ error: report.json }));
	else printToStderr(`spear: ${report.text}\n`);
	return report.exitCode;
}
