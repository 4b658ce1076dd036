import { stripVTControlCharacters } from "node:util";
import type { Outcome } from "./outcome.ts";

/** Lines of each failure. The first ones say what differs; the stack and long values follow. */
const FAILURE_LINES = 8;

/** Lines of the end of a file's output. The end says why a process crashed. */
const OUTPUT_LINES = 12;

/** Failures of a file at most. A broken helper fails every test alike. */
const MAX_FAILURES = 10;

const MAX_LINE_LENGTH = 200;

/** Title that uvu prints before each failure: the name of the test, after the name of its suite. */
const TITLE = /^ {3}FAIL {2}(.*)$/;

/**
 * Returns the failures of a file as a few lines: the file, the name of each failed test, and the beginning of its failure. For a file that
 * failed although no test did, returns the end of its output. A log that is cut thus names at its end what failed.
 */
export function failuresInShort({ file, output, fault }: Pick<Outcome, "file" | "output" | "fault">): string {
	const lines = stripVTControlCharacters(output).split("\n");
	const starts = lines.flatMap((line, index) => (TITLE.test(line) ? [index] : []));
	const shown = starts
		.slice(0, MAX_FAILURES)
		.flatMap((start, index) => [`    ${TITLE.exec(lines[start] ?? "")?.[1]}`, ...beginning(lines.slice(start + 1, starts[index + 1]))]);
	const left = starts.length - MAX_FAILURES;
	return [
		`  ✗ ${file}${fault === undefined ? "" : `  (${fault})`}`,
		...shown,
		...(left > 0 ? [`    and ${left} more`] : []),
		...(fault === undefined ? [] : indented(lines.filter(isNotBlank).slice(-OUTPUT_LINES))),
	].join("\n");
}

/** Returns the first lines of a failure, up to its stack. */
function beginning(lines: readonly string[]): string[] {
	const stack = lines.findIndex((line) => /^\s+at /.test(line) || /^ {2}Total:/.test(line));
	return indented((stack === -1 ? lines : lines.slice(0, stack)).filter(isNotBlank).slice(0, FAILURE_LINES));
}

function isNotBlank(line: string): boolean {
	return line.trim() !== "";
}

function indented(lines: readonly string[]): string[] {
	return lines.map((line) => {
		const text = line.trim();
		return `        ${text.length > MAX_LINE_LENGTH ? `${text.slice(0, MAX_LINE_LENGTH)}…` : text}`;
	});
}
