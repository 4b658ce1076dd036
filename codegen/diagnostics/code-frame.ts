/** The lines of source around a span, with carets under it. */
import type { Span } from "../model/model.ts";
import { blanksLike, displayWidth } from "./display-width.ts";

/** At most this many source lines of one span are shown. */
const MAX_LINES = 3;

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
	const lines = source?.split("\n") ?? [];
	const last = Math.min(span.endLine, span.line + MAX_LINES - 1, lines.length);
	const width = String(last).length;
	const gutter = style.paintGutter(`${" ".repeat(width)} |`);
	const frame: string[] = [];
	for (let number = span.line; number <= last; number++) {
		const text = (lines[number - 1] ?? "").replace(/\r$/, "");
		const from = number === span.line ? span.column - 1 : text.length - text.trimStart().length;
		const to = number === span.endLine ? Math.min(span.endColumn - 1, text.length) : text.length;
		const marks = style.mark.repeat(Math.max(1, displayWidth(text.slice(from, to))));
		frame.push(`${style.paintGutter(`${String(number).padStart(width)} |`)} ${text}`);
		frame.push(`${gutter} ${blanksLike(text.slice(0, from))}${style.paintMark(marks)}`);
	}
	return frame.length === 0 ? [] : [gutter, ...frame];
}
