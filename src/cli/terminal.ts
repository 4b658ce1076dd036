import process from "node:process";
import { fileFault } from "../errors/file-fault.ts";
import { printable } from "../formats/printable.ts";
import { EXIT } from "./exit-codes.ts";

/** Writes text of guests and models to standard error. Escapes control characters, so that the terminal does not obey them. */
export function printToStderr(text: string): void {
	process.stderr.write(printable(text));
}

/**
 * Handles output that cannot be written. A closed pipe (`spear … | head -1`) is no failure: the command ends with its own exit code. Any
 * other failure ends the command with 1.
 */
export function handleOutputFaults(): void {
	const onFault = (fault: Error): void => {
		if ("code" in fault && fault.code === "EPIPE") return;
		process.stderr.write(`spear: the output cannot be written: ${fileFault(fault)}\n`, () => process.exit(EXIT.failed));
	};
	process.stdout.on("error", onFault);
	// A failure of standard error cannot be reported anywhere.
	process.stderr.on("error", () => {});
}
