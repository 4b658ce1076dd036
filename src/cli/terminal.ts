import process from "node:process";
import { fileFault } from "../errors/file-fault.ts";
import { EXIT } from "./exit-codes.ts";

/** Writes to standard error what guests and models had a hand in: control characters are shown, not obeyed by the terminal. */
export function tell(text: string): void {
	process.stderr.write(printable(text));
}

/** The text with its control characters but line break and tab in the form `\x1b`. */
export function printable(text: string): string {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
	return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (found) => `\\x${found.charCodeAt(0).toString(16).padStart(2, "0")}`);
}

/**
 * Says what becomes of output nobody takes: a reader that went away (`spear … | head -1`) has had enough, and the command ends as it
 * would have; anything else ends it with 1.
 */
export function handleOutputFaults(): void {
	const onFault = (fault: Error): void => {
		if ("code" in fault && fault.code === "EPIPE") return;
		process.stderr.write(`spear: the output cannot be written: ${fileFault(fault)}\n`, () => process.exit(EXIT.failed));
	};
	process.stdout.on("error", onFault);
	// There is no place left to complain.
	process.stderr.on("error", () => {});
}
