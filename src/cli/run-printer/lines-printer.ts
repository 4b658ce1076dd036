import type { RunOutput } from "../../hostcall/emitted.ts";
import { jsonLine } from "../json-line.ts";
import type { RunPrinter } from "./run-printer.ts";

/** Prints one JSON object a line: each output as it comes, and the end of the run, of type `end`, with the members of `--json`. */
export class LinesPrinter implements RunPrinter {
	emitted(output: RunOutput): string {
		return jsonLine(output);
	}

	answered(output: string, more: object): string {
		return jsonLine({ type: "end", ok: true, output, ...more });
	}

	failed(error: object, more: object): string {
		return jsonLine({ type: "end", ok: false, error, ...more });
	}
}
