import type * as asr from "../../../generated/ir/asr.ts";

/** Prints a transcript while it arrives: the text as it is, or a line for each segment and word that has times. */
export class TranscriptPrinter {
	readonly #write: (text: string) => void;
	readonly #inLines: boolean;
	readonly #withWords: boolean;
	#segments = 0;
	#text = "";

	/**
	 * @param write Receives text to print.
	 * @param request The request. Times and speakers that the request asks for are printed as lines.
	 */
	constructor(write: (text: string) => void, { timestamps = [], diarize = false }: Pick<asr.Request, "timestamps" | "diarize">) {
		this.#write = write;
		this.#withWords = timestamps.includes("word");
		this.#inLines = timestamps.length > 0 || diarize;
	}

	add(event: asr.Event): void {
		if (event.type === "text" && !this.#inLines) this.#print(event.text);
		// The words of a segment are known at the end only.
		else if (event.type === "segment" && this.#inLines && !this.#withWords) this.#segment(event.segment);
		else if (event.type === "completed") this.#complete(event.completed);
	}

	/** Ends the line of a transcript that failed. */
	clear(): void {
		if (this.#text !== "" && !this.#text.endsWith("\n")) this.#write("\n");
		this.#text = "";
	}

	#print(text: string): void {
		// Many models begin a text with a blank.
		const shown = this.#text === "" ? text.trimStart() : text;
		this.#text += shown;
		this.#write(shown);
	}

	#segment(segment: asr.Segment): void {
		this.#segments += 1;
		this.#write(`${segmentLine(segment)}\n`);
	}

	#complete(transcript: asr.Response): void {
		const { text, segments, words } = transcript;
		const hasTimes = segments.length > 0 || words.length > 0;
		if (this.#inLines && hasTimes) {
			let word = 0;
			for (const segment of segments.slice(this.#segments)) {
				this.#segment(segment);
				for (; this.#withWords && word < words.length && (words[word]?.start ?? 0) < segment.end; word++) this.#word(words[word]);
			}
			for (; this.#withWords && word < words.length; word++) this.#word(words[word]);
			return;
		}
		// A stream of text may be a draft of the transcript. The difference is rarely more than blanks, and printed text stays.
		if (this.#text.trim() === "") this.#print(text);
		this.clear();
	}

	#word(word: asr.Word | undefined): void {
		if (word !== undefined) this.#write(`  ${timesOf(word)} ${word.text.trim()}\n`);
	}
}

/** Returns a segment as a line: `[0.00–3.20] text`, with the speaker before the text if there is one. */
function segmentLine(segment: asr.Segment): string {
	const speaker = segment.speaker === undefined ? "" : `${segment.speaker}: `;
	return `${timesOf(segment)} ${speaker}${segment.text.trim()}`;
}

function timesOf({ start, end }: { readonly start: number; readonly end: number }): string {
	return `[${start.toFixed(2)}–${end.toFixed(2)}]`;
}
