import type { RunOutput } from "../../hostcall/emitted.ts";
import { jsonLine } from "../json-line.ts";
import type { RunPrinter } from "./run-printer.ts";

/** Most characters of the output in the JSON object: nothing bounds what a guest emits. */
const MAX_KEPT = 1_048_576;

/** Size of an output beside its text, name and data, in characters. */
const OUTPUT_SIZE = 32;

/** Prints one JSON object at the end. `emitted` holds the output, with adjoining texts as one, and `emitted_omitted` the number of outputs beyond 1 MiB. */
export class JsonPrinter implements RunPrinter {
	readonly #kept: RunOutput[] = [];
	/** Parts of the text that is the last output so far. */
	#parts: string[] = [];
	#size = 0;
	#omitted = 0;

	emitted(output: RunOutput): string {
		this.#size += OUTPUT_SIZE + (output.type === "text" ? output.text.length : JSON.stringify(output.data).length);
		if (this.#size > MAX_KEPT) this.#omitted += 1;
		else if (output.type === "text") this.#parts.push(output.text);
		else {
			this.#endText();
			this.#kept.push(output);
		}
		return "";
	}

	answered(output: string, more: object): string {
		return jsonLine({ ok: true, output, ...this.#output(), ...more });
	}

	failed(error: object, more: object): string {
		return jsonLine({ ok: false, error, ...this.#output(), ...more });
	}

	#output(): object {
		this.#endText();
		return {
			...(this.#kept.length === 0 ? {} : { emitted: this.#kept }),
			...(this.#omitted === 0 ? {} : { emitted_omitted: this.#omitted }),
		};
	}

	#endText(): void {
		if (this.#parts.length > 0) this.#kept.push({ type: "text", text: this.#parts.join("") });
		this.#parts = [];
	}
}
