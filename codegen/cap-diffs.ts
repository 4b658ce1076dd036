/** Diffs cut to what people read. */
import type { Drift } from "./write/drift.ts";

/** The first `maxLines` lines of the diffs, and how many were left out. */
export function capDiffs(
	drift: readonly Drift[],
	maxLines: number,
): { readonly text: string; readonly omittedLines: number; readonly omittedFiles: number } {
	let left = maxLines;
	let text = "";
	let omittedLines = 0;
	let omittedFiles = 0;
	for (const { diff } of drift) {
		const lines = diff.replace(/\n$/, "").split("\n");
		const shown = lines.slice(0, Math.max(0, left));
		left -= shown.length;
		omittedLines += lines.length - shown.length;
		if (shown.length === 0) omittedFiles++;
		else text += `${shown.join("\n")}\n`;
	}
	return { text, omittedLines, omittedFiles };
}
