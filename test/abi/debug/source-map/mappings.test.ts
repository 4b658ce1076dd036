import { SourceMap } from "node:module";
import process from "node:process";
import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { decodeMappings, findPosition } from "../../../../src/abi/debug/source-map/mappings.ts";
import { MAX_SOURCE_MAP_BYTES } from "../../../../src/abi/debug/source-map/section.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function vlq(value: number): string {
	let rest = value < 0 ? -value * 2 + 1 : value * 2;
	let text = "";
	do {
		const digit = rest % 32;
		rest = Math.floor(rest / 32);
		text += ALPHABET[digit + (rest > 0 ? 32 : 0)];
	} while (rest > 0);
	return text;
}

interface Segment {
	readonly column: number;
	readonly source: number;
	readonly line: number;
	readonly sourceColumn: number;
}

/** Returns the mappings of segments, by generated line. */
function encode(lines: readonly (readonly Segment[])[]): string {
	const last = { source: 0, line: 0, sourceColumn: 0 };
	return lines
		.map((segments) => {
			let column = 0;
			return segments
				.map((segment) => {
					const fields = [
						segment.column - column,
						segment.source - last.source,
						segment.line - last.line,
						segment.sourceColumn - last.sourceColumn,
					];
					column = segment.column;
					Object.assign(last, segment);
					return fields.map(vlq).join("");
				})
				.join(",");
		})
		.join(";");
}

const segment = fc.record({ column: fc.nat(5_000), source: fc.nat(3), line: fc.nat(20_000), sourceColumn: fc.nat(5_000) });
const line = fc
	.uniqueArray(segment, { maxLength: 12, selector: ({ column }) => column })
	.map((all) => all.sort((a, b) => a.column - b.column));

test("a position is the one that Node's reader of source maps finds", () => {
	fc.assert(
		fc.property(fc.array(line, { maxLength: 8 }), fc.nat(9), fc.nat(5_100), (lines, generatedLine, column) => {
			const text = encode(lines);
			const mappings = decodeMappings(text);
			assert.ok(mappings);
			const found = findPosition(mappings, generatedLine, column);
			// Node goes on to lines before this one. A stack frame never means another line.
			const segments = lines[generatedLine] ?? [];
			if (!segments.some((entry) => entry.column <= column)) return assert.is(found, undefined);
			const sources = ["0", "1", "2", "3"];
			const entry = new SourceMap({
				version: 3,
				file: "",
				sources,
				sourcesContent: [],
				names: [],
				mappings: text,
				sourceRoot: "",
			}).findEntry(generatedLine, column);
			assert.ok("originalSource" in entry);
			assert.equal(found, { source: Number(entry.originalSource), line: entry.originalLine, column: entry.originalColumn });
		}),
		{ numRuns: 2_000 },
	);
});

test("text that holds no mappings has none, and no text makes the reader fail", () => {
	for (const text of ["A A", "é", "AAAAAA", "gggggggggggggA", "\u0000"]) assert.is(decodeMappings(text), undefined, text);
	fc.assert(
		fc.property(fc.string({ unit: fc.constantFrom(..."AgC+/z;,;,9B") }), fc.nat(20), fc.nat(100), (text, generatedLine, column) => {
			const mappings = decodeMappings(text);
			if (mappings !== undefined) findPosition(mappings, generatedLine, column);
		}),
		{ numRuns: 5_000 },
	);
});

test("a segment without a source has no position, and ends the one before", () => {
	const mappings = decodeMappings("AAAA,K");
	assert.ok(mappings);
	assert.equal(findPosition(mappings, 0, 4), { source: 0, line: 0, column: 0 });
	assert.is(findPosition(mappings, 0, 5), undefined);
});

test("the largest map of the smallest segments costs at most 8 MB, and 400 ms of CPU", () => {
	for (const unit of ["A,", ";", "AAAA,", "AAAA;"]) {
		const text = unit.repeat(MAX_SOURCE_MAP_BYTES / unit.length);
		const start = process.cpuUsage();
		const mappings = decodeMappings(text);
		assert.ok(process.cpuUsage(start).user < 400_000);
		assert.ok(mappings);
		const bytes = Object.values(mappings).reduce((sum: number, array: Int32Array | Uint32Array) => sum + array.byteLength, 0);
		assert.ok(bytes <= 8 * MAX_SOURCE_MAP_BYTES + 64, `${unit} ${bytes}`);
	}
});

test.run();
