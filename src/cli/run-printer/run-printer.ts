import type { RunOutput } from "../../hostcall/emitted.ts";

/** Prints a run to standard output: what the guest emits, and the end. */
export interface RunPrinter {
	/** Returns the text to print for one output. Empty for none. */
	emitted(output: RunOutput): string;
	/** Returns the text to print after a run that answered. `more` are members of the JSON object. */
	answered(answer: string, more: object): string;
	/** Returns the text to print after a run that failed. */
	failed(error: object, more: object): string;
}
