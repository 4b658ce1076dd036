import process from "node:process";
import { fileFault } from "../errors/file-fault.ts";
import { EXIT } from "./exit-codes.ts";

/** Writes text of guests and models to standard error. Escapes control characters, so that the terminal does not obey them. */
export function printToStderr(text: string): void {
	process.stderr.write(printable(text));
}

/** Returns text with control characters escaped as `\x1b`, except line breaks and tabs, and changes of the writing direction as `\u202e`. */
export function printable(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: matches the control characters to escape
	return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (found) => {
		const code = found.charCodeAt(0).toString(16);
		return code.length > 2 ? `\\u${code}` : `\\x${code.padStart(2, "0")}`;
	});
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
