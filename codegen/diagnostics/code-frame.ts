/** The lines of source around a span, with carets under it. */
import type { Span } from "../model/model.ts";

/** At most this many source lines of one span are shown. */
const MAX_LINES = 3;

/** Lines of the frame without a trailing newline; none when the file is not at hand or the span lies outside it. */
export function codeFrame(source: string | undefined, span: Span, mark = "^"): string[] {
	const lines = source?.split("\n") ?? [];
	const last = Math.min(span.endLine, span.line + MAX_LINES - 1, lines.length);
	const width = String(last).length;
	const gutter = `${" ".repeat(width)} |`;
	const frame: string[] = [];
	for (let number = span.line; number <= last; number++) {
		const text = (lines[number - 1] ?? "").replace(/\r$/, "");
		const from = number === span.line ? span.column - 1 : text.length - text.trimStart().length;
		const to = number === span.endLine ? Math.min(span.endColumn - 1, text.length) : text.length;
		// Tabs are kept in front of the carets: they then line up whatever a tab is shown as.
		const indent = text.slice(0, from).replace(/[^\t]/g, " ");
		frame.push(`${String(number).padStart(width)} | ${text}`);
		frame.push(`${gutter} ${indent}${mark.repeat(Math.max(1, columns(text.slice(from, to))))}`);
	}
	return frame.length === 0 ? [] : [gutter, ...frame];
}

/** Characters as a reader counts them: a pair of surrogates is one. */
function columns(text: string): number {
	return [...text].length;
}
