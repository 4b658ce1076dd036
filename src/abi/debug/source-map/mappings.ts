/**
 * Positions of a source map, decoded into flat arrays. Node's `SourceMap` reads the same format, but costs 25 to 50 MB of heap for each
 * megabyte of hostile mappings. These arrays cost 8 bytes for each byte of the mappings at most.
 *
 * @see https://tc39.es/ecma426/#sec-mappings
 */
export interface Mappings {
	/** Number of segments before each generated line, and after the last. */
	readonly lines: Uint32Array;
	/** Generated column of each segment. */
	readonly columns: Int32Array;
	/** Index of the source; -1 for generated code without a source. */
	readonly sources: Int32Array;
	readonly sourceLines: Int32Array;
	readonly sourceColumns: Int32Array;
}

/** A position in the author's code. Line and column start at 0. */
export interface SourcePosition {
	readonly source: number;
	readonly line: number;
	readonly column: number;
}

const COMMA = 0x2c;
const SEMICOLON = 0x3b;
/** Weight of each digit of a number, least first. */
const SCALES = [1, 2 ** 5, 2 ** 10, 2 ** 15, 2 ** 20, 2 ** 25, 2 ** 30];
const DIGITS = new Int8Array(128).fill(-1);
for (const [value, digit] of [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].entries())
	DIGITS[digit.charCodeAt(0)] = value;

/** Decodes the `mappings` of a source map, in one pass. Returns `undefined` for text that is none. */
export function decodeMappings(text: string): Mappings | undefined {
	const { lineCount, segmentCount } = measure(text);
	const lines = new Uint32Array(lineCount + 1);
	const [columns, sources, sourceLines, sourceColumns] = Array.from({ length: 4 }, () => new Int32Array(segmentCount));
	if (columns === undefined || sources === undefined || sourceLines === undefined || sourceColumns === undefined) return undefined;
	// Column, source, line and column of the source, name: each is the difference to that of the segment before.
	const state = new Int32Array(5);
	let [position, line, segment] = [0, 0, 0];
	while (position < text.length) {
		const code = text.charCodeAt(position);
		if (code === SEMICOLON) {
			line += 1;
			lines[line] = segment;
			state[0] = 0;
			position += 1;
			continue;
		}
		if (code === COMMA) {
			position += 1;
			continue;
		}
		let field = 0;
		for (; position < text.length && text.charCodeAt(position) !== COMMA && text.charCodeAt(position) !== SEMICOLON; field += 1) {
			if (field === state.length) return undefined;
			let value = 0;
			let shift = 0;
			let digit = 0;
			do {
				digit = DIGITS[text.charCodeAt(position)] ?? -1;
				if (digit < 0 || shift > 6) return undefined;
				value += (digit & 31) * (SCALES[shift] ?? 0);
				shift += 1;
				position += 1;
			} while ((digit & 32) !== 0);
			state[field] = (state[field] ?? 0) + (value % 2 === 1 ? -Math.floor(value / 2) : value / 2);
		}
		columns[segment] = state[0] ?? 0;
		sources[segment] = field >= 4 ? (state[1] ?? -1) : -1;
		sourceLines[segment] = state[2] ?? 0;
		sourceColumns[segment] = state[3] ?? 0;
		segment += 1;
	}
	lines.fill(segment, line + 1);
	return { lines, columns, sources, sourceLines, sourceColumns };
}

/** Returns the numbers of lines and of segments. */
function measure(text: string): { lineCount: number; segmentCount: number } {
	let [lineCount, segmentCount, inSegment] = [1, 0, false];
	for (let position = 0; position < text.length; position += 1) {
		const code = text.charCodeAt(position);
		if (code === SEMICOLON) lineCount += 1;
		const isDigit = code !== SEMICOLON && code !== COMMA;
		if (isDigit && !inSegment) segmentCount += 1;
		inSegment = isDigit;
	}
	return { lineCount, segmentCount };
}

/** Returns the source of the last segment at or before a generated position. Line and column start at 0. */
export function findPosition(mappings: Mappings, line: number, column: number): SourcePosition | undefined {
	const { lines, columns, sources, sourceLines, sourceColumns } = mappings;
	const first = lines[line];
	const end = lines[line + 1];
	if (first === undefined || end === undefined) return undefined;
	let [low, high] = [first, end];
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((columns[middle] ?? 0) <= column) low = middle + 1;
		else high = middle;
	}
	const found = low - 1;
	const source = sources[found] ?? -1;
	if (found < first || source < 0) return undefined;
	return { source, line: sourceLines[found] ?? 0, column: sourceColumns[found] ?? 0 };
}
