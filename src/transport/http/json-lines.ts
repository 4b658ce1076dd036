import { Utf8Stream } from "../../formats/utf8.ts";
import { EventStreamError, endOfText, type ServerSentEvent } from "./sse.ts";
import { TextPieces } from "./text-pieces.ts";

/** Media types of bodies with a JSON value a line. Some proxies name the type of the values instead. */
export const JSON_LINES_TYPES: readonly string[] = [
	"application/x-ndjson",
	"application/ndjson",
	"application/jsonl",
	"application/x-jsonlines",
	"application/json",
];

/**
 * Decodes a body with a JSON value a line from chunks of any size. A chunk may end within a line or within a character. Empty lines are
 * no events. The values are not parsed.
 *
 * @see https://github.com/ndjson/ndjson-spec
 */
export class JsonLinesDecoder {
	readonly #maxLineChars: number;
	readonly #text = new Utf8Stream();
	/** Beginning of the line that has not ended yet. */
	readonly #rest = new TextPieces();

	/** @param maxLineChars Longest line, in UTF-16 units. Unfinished lines count. */
	constructor(maxLineChars: number) {
		this.#maxLineChars = maxLineChars;
	}

	/** Returns the lines that end in these bytes. */
	push(bytes: Uint8Array): ServerSentEvent[] {
		const lines = this.#decode(() => this.#text.push(bytes)).split("\n");
		const rest = lines.pop() ?? "";
		const events = lines.flatMap((line) => {
			this.#add(line);
			return this.#event();
		});
		this.#add(rest);
		return events;
	}

	/** Ends the body. Returns the last line if only its end was missing. */
	end(): ServerSentEvent[] {
		this.#add(endOfText(this.#text));
		return this.#event();
	}

	#decode(decode: () => string): string {
		try {
			return decode();
		} catch {
			throw new EventStreamError("the lines of JSON are not UTF-8");
		}
	}

	/** Adds a part of the line. */
	#add(text: string): void {
		this.#rest.add(text);
		if (this.#rest.length > this.#maxLineChars) throw new EventStreamError(`a line is longer than ${this.#maxLineChars} characters`);
	}

	/** Ends the line. */
	#event(): ServerSentEvent[] {
		const line = this.#rest.take();
		return line.trim() === "" ? [] : [{ data: line }];
	}
}
