/** Diagnostics for people: place, fault, code frame, advice. */
import { styleText } from "node:util";
import type { Span } from "../model/model.ts";
import { codeFrame } from "./code-frame.ts";
import type { Diagnostic, Severity } from "./diagnostic.ts";

export interface RenderOptions {
	/** ANSI colours; off unless asked for. */
	readonly color?: boolean;
	/** Put before every path, e.g. the directory that was read, so that terminals can open it. */
	readonly pathPrefix?: string;
}

/**
 * Renders diagnostics in the order given, a blank line between them.
 *
 * @param sources text of each file by the path its spans carry; frames of files that are missing are left out
 */
export function renderText(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>, options: RenderOptions = {}): string {
	return diagnostics.map((each) => `${renderOne(each, sources, options).join("\n")}\n`).join("\n");
}

/** `2 errors, 1 warning`. */
export function summary(diagnostics: readonly Diagnostic[]): string {
	const severities: readonly Severity[] = ["error", "warning"];
	const counts = severities.flatMap((severity) => {
		const count = diagnostics.filter((each) => each.severity === severity).length;
		return count === 0 ? [] : [`${count} ${severity}${count === 1 ? "" : "s"}`];
	});
	return counts.length === 0 ? "no faults found" : counts.join(", ");
}

function renderOne(found: Diagnostic, sources: ReadonlyMap<string, string>, options: RenderOptions): string[] {
	const paint = (style: Parameters<typeof styleText>[0], text: string) =>
		options.color === true ? styleText(style, text, { validateStream: false }) : text;
	const color = found.severity === "error" ? "red" : "yellow";
	const frame = (span: Span, mark: string, markColor: "red" | "yellow" | "cyan") =>
		codeFrame(sources.get(span.file), span, {
			mark,
			paintMark: (text) => paint(markColor, text),
			paintGutter: (text) => paint("dim", text),
		});
	const lines = [`${place(found.span, options)}: ${paint(color, `${found.severity}[${found.code}]`)}: ${found.message}`];
	lines.push(...frame(found.span, "^", color));
	for (const related of found.related ?? []) {
		lines.push(`${place(related.span, options)}: ${paint("cyan", "note")}: ${related.message}`);
		lines.push(...frame(related.span, "-", "cyan"));
	}
	if (found.help !== undefined) {
		lines.push(`  ${paint("cyan", "help")}: ${found.help}`);
	}
	return lines;
}

function place(span: Span, options: RenderOptions): string {
	return `${options.pathPrefix ?? ""}${span.file}:${span.line}:${span.column}`;
}
