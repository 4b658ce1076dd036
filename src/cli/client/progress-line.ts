import process from "node:process";
import { printable } from "../../formats/printable.ts";

/** Shortest time between two changes of the line, in milliseconds. */
const INTERVAL_MS = 100;

/** A line of standard error that is replaced while a command works. Shows nothing unless standard error is a terminal. */
export interface ProgressLine {
	/** Replaces the line, unless it was replaced a moment ago. */
	show(text: string): void;
	clear(): void;
}

/** @param enabled False for a command whose output is for programs. */
export function progressLine(enabled: boolean): ProgressLine {
	const { stderr } = process;
	if (!enabled || !stderr.isTTY) return { show() {}, clear() {} };
	let shownAt = Number.NEGATIVE_INFINITY;
	return {
		show(text) {
			const now = performance.now();
			if (now - shownAt < INTERVAL_MS) return;
			shownAt = now;
			stderr.write(`\r\u001b[K${printable(text)}`);
		},
		clear() {
			if (shownAt !== Number.NEGATIVE_INFINITY) stderr.write("\r\u001b[K");
			shownAt = Number.NEGATIVE_INFINITY;
		},
	};
}
