import { JsonPrinter } from "./json-printer.ts";
import { LinesPrinter } from "./lines-printer.ts";
import type { RunPrinter } from "./run-printer.ts";
import { TextPrinter } from "./text-printer.ts";

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
