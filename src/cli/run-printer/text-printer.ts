import { createHash } from "node:crypto";
import { printable } from "../../formats/printable.ts";
import type { RunOutput } from "../../hostcall/emitted.ts";
import type { RunPrinter } from "./run-printer.ts";

/**
 * Prints text as it comes, and then the answer on a line of its own. Leaves out an answer that is empty, or equal to all of the text: a guest may return
 * what it has emitted, for callers that only await it. Prints no events.
 */
export class TextPrinter implements RunPrinter {
	readonly #hasAnswer: boolean;
	/** Hash of the emitted text, which may be of any length. */
	readonly #hash = createHash("sha256");
	#last = "\n";
	#hasText = false;

	constructor(hasAnswer: boolean) {
		this.#hasAnswer = hasAnswer;
	}

	emitted(output: RunOutput): string {
		if (output.type === "event") return "";
		this.#hasText = true;
		this.#hash.update(output.text);
		this.#last = output.text.at(-1) ?? this.#last;
		return printable(output.text);
	}

	answered(answer: string): string {
		if (!this.#hasAnswer) return "";
		if (!this.#hasText) return printable(withNewline(answer));
		const isPrinted = answer === "" || createHash("sha256").update(answer).digest().equals(this.#hash.digest());
		return `${this.#newline}${isPrinted ? "" : printable(withNewline(answer))}`;
	}

	failed(): string {
		return this.#hasAnswer ? this.#newline : "";
	}

	/** Ends the last line of the text. */
	get #newline(): string {
		return this.#last === "\n" ? "" : "\n";
	}
}

function withNewline(text: string): string {
	return text.endsWith("\n") ? text : `${text}\n`;
}
