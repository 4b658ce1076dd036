import type * as rt from "../../../../generated/ir/rt.ts";
import { printable } from "../../../formats/printable.ts";
import type { HeardSpeech } from "./heard-speech.ts";

/** Places that the printer writes to. */
export interface LiveOutput {
	/** Receives the text. */
	readonly out: (text: string) => void;
	/** Receives the beginning and the end of speech, and warnings. */
	readonly note: (text: string) => void;
	/** Columns of the terminal that `out` writes to. Absent if that is no terminal: drafts are not shown then. */
	readonly columns: number | undefined;
}

/** Prints a session while it goes on: complete turns as lines, and on a terminal the draft of the next one below them. */
export class LivePrinter {
	readonly #output: LiveOutput;
	#isDraftShown = false;

	constructor(output: LiveOutput) {
		this.#output = output;
	}

	/** @param heard The speech so far, this event included. */
	add(event: rt.Event, heard: HeardSpeech): void {
		switch (event.type) {
			case "speech_started":
				this.#note(`speech from ${seconds(event.speech_started)}`, heard);
				return;
			case "speech_stopped":
				this.#note(`speech until ${seconds(event.speech_stopped)}`, heard);
				return;
			case "warning":
				this.#note(`spear: warning: ${event.warning.message}`, heard);
				return;
			case "input_transcript":
				this.#showDraft(heard.draft);
				return;
			case "input_transcript_done": {
				this.clear();
				const text = event.input_transcript_done.text.trim();
				if (text !== "") this.#output.out(`${printable(text)}\n`);
				this.#showDraft(heard.draft);
			}
		}
	}

	/** Removes the draft. */
	clear(): void {
		if (this.#isDraftShown) this.#output.out("\r\u001b[K");
		this.#isDraftShown = false;
	}

	#note(line: string, { draft }: HeardSpeech): void {
		this.clear();
		this.#output.note(`${line}\n`);
		this.#showDraft(draft);
	}

	#showDraft(draft: string): void {
		const { columns, out } = this.#output;
		if (columns === undefined || draft === "") return;
		// A longer text would wrap, and the lines above could not be removed.
		const room = Math.max(1, columns - 2);
		const line = printable(draft).replace(/\s+/g, " ");
		out(`\r\u001b[K${line.length > room ? `…${line.slice(1 - room)}` : line}`);
		this.#isDraftShown = true;
	}
}

function seconds(ms: number): string {
	return `${(ms / 1000).toFixed(1)} s`;
}
