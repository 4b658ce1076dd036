import type { RunOutput } from "../../host/output-channel.ts";
import { JsonPrinter } from "./json-printer.ts";
import { LinesPrinter } from "./lines-printer.ts";
import { TextPrinter } from "./text-printer.ts";

/** Prints a run to standard output: what the guest emits, and the end. */
export interface RunPrinter {
	/** Returns the text to print for one output. Empty for none. */
	emitted(output: RunOutput): string;
	/** Returns the text to print after a run that answered. `more` are members of the JSON object. */
	answered(answer: string, more: object): string;
	/** Returns the text to print after a run that failed. */
	failed(error: object, more: object): string;
}

/** Options of `spear run` that choose the form of its output. */
export interface PrinterOptions {
	readonly json?: boolean;
	readonly streamJson?: boolean;
}

/** @param hasAnswer False for a core module, whose output is all that it has to say. */
export function createPrinter({ json = false, streamJson = false }: PrinterOptions, hasAnswer: boolean): RunPrinter {
	if (streamJson) return new LinesPrinter();
	return json ? new JsonPrinter() : new TextPrinter(hasAnswer);
}
