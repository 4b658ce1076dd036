/** A WIT file in memory: its text, and the line and column of an offset. */
import type { Span } from "../model/model.ts";
import type { Range } from "./syntax.ts";

export class SourceFile {
	/** Relative to the directory that is read, with `/` separators. */
	readonly path: string;
	readonly text: string;
	readonly #lineStarts: readonly number[];

	constructor(path: string, text: string) {
		this.path = path;
		this.text = text;
		const starts = [0];
		for (let newline = text.indexOf("\n"); newline >= 0; newline = text.indexOf("\n", newline + 1)) {
			starts.push(newline + 1);
		}
		this.#lineStarts = starts;
	}

	span(range: Range): Span {
		const [line, column] = this.#position(range.start);
		const [endLine, endColumn] = this.#position(range.end);
		return { file: this.path, line, column, offset: range.start, endLine, endColumn, endOffset: range.end };
	}

	slice(range: Range): string {
		return this.text.slice(range.start, range.end);
	}

	/** Line and column of an offset, both from 1. */
	#position(offset: number): [line: number, column: number] {
		let low = 0;
		let high = this.#lineStarts.length - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if ((this.#lineStarts[middle] ?? 0) <= offset) {
				low = middle;
			} else {
				high = middle - 1;
			}
		}
		return [low + 1, offset - (this.#lineStarts[low] ?? 0) + 1];
	}
}
