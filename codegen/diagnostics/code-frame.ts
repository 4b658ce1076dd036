/** The lines of source around a span, with carets under it. */
import type { Span } from "../model/model.ts";
import { blanksLike, displayWidth } from "./display-width.ts";

/** At most this many source lines of one span are shown. */
const MAX_LINES = 3;

/** Characters of a line that are shown, and of these before the fault. */
const MAX_COLUMNS = 400;
const COLUMNS_BEFORE = 200;

export interface FrameStyle {
	/** The sign under the span. */
	readonly mark: string;
	/** Colours the marks, if colours are wanted. */
	readonly paintMark: (text: string) => string;
	/** Colours line numbers and the bar beside them. */
	readonly paintGutter: (text: string) => string;
}

/** Lines of the frame without a trailing newline; none when the file is not at hand or the span lies outside it. */
export function codeFrame(source: string | undefined, span: Span, style: FrameStyle): string[] {
	if (source === undefined) return [];
	const lines = linesAt(source, span.offset, Math.min(span.endLine - span.line + 1, MAX_LINES));
	const width = String(span.line + lines.length - 1).length;
	const gutter = style.paintGutter(`${" ".repeat(width)} |`);
	const frame: string[] = [];
	for (const [index, whole] of lines.entries()) {
		const number = span.line + index;
		const start = number === span.line ? span.column - 1 : whole.length - whole.trimStart().length;
		const cut = whole.length <= MAX_COLUMNS ? 0 : Math.max(0, start - COLUMNS_BEFORE);
		const text = whole.slice(cut, cut + MAX_COLUMNS);
		const from = start - cut;
		const to = number === span.endLine ? Math.min(span.endColumn - 1 - cut, text.length) : text.length;
		const marks = style.mark.repeat(Math.max(1, displayWidth(text.slice(from, to))));
		frame.push(`${style.paintGutter(`${String(number).padStart(width)} |`)} ${text}`);
		frame.push(`${gutter} ${blanksLike(text.slice(0, from))}${style.paintMark(marks)}`);
	}
	return frame.length === 0 ? [] : [gutter, ...frame];
}

/** Up to `count` lines from that of an offset on, without the other lines of the source being looked at; none for an offset outside of it. */
function linesAt(source: string, offset: number, count: number): string[] {
	const lines: string[] = [];
	if (offset > source.length) return lines;
	for (let start = offset === 0 ? 0 : source.lastIndexOf("\n", offset - 1) + 1; lines.length < count; ) {
		const end = source.indexOf("\n", start);
		lines.push(source.slice(start, end < 0 ? undefined : end).replace(/\r$/, ""));
		if (end < 0) break;
		start = end + 1;
	}
	return lines;
}
