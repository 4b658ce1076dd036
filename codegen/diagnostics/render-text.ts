/** Diagnostics for people: place, fault, code frame, advice. */
import { styleText } from "node:util";
import type { Span } from "../model/model.ts";
import { codeFrame } from "./code-frame.ts";
import { countOf, type Diagnostic, type Severity } from "./diagnostic.ts";
import { counted } from "./words.ts";

/** Warnings of one file with one advice from which only the first has a code frame. */
const MANY_WARNINGS = 4;

type Style = Parameters<typeof styleText>[0];

export interface RenderOptions {
	/** ANSI colours; off unless asked for. */
	readonly color?: boolean;
	/** Put before every path, e.g. the directory that was read, so that terminals can open it. */
	readonly pathPrefix?: string;
}

/**
 * Renders diagnostics in the order given, a blank line between them. Many warnings of one file with the same code and advice are one line each, after
 * the first.
 *
 * @param sources text of each file by the path its spans carry; frames of files that are missing are left out
 */
export function renderText(diagnostics: readonly Diagnostic[], sources: ReadonlyMap<string, string>, options: RenderOptions = {}): string {
	const groups = new Map<string, number>();
	for (const each of diagnostics) groups.set(groupOf(each), (groups.get(groupOf(each)) ?? 0) + 1);
	const begun = new Set<string>();
	let text = "";
	let afterLine = false;
	for (const each of diagnostics) {
		const group = groupOf(each);
		const isRepeated = each.severity === "warning" && begun.has(group) && (groups.get(group) ?? 0) >= MANY_WARNINGS;
		begun.add(group);
		const lines = isRepeated ? [headLine(each, options)] : renderOne(each, sources, options);
		text += `${text === "" || (isRepeated && afterLine) ? "" : "\n"}${lines.join("\n")}\n`;
		afterLine = isRepeated;
	}
	return text;
}

function groupOf({ span, code, help, related }: Diagnostic): string {
	return JSON.stringify([span.file, code, help, related]);
}

/** `2 errors, 1 warning`. */
export function summary(diagnostics: readonly Diagnostic[]): string {
	const severities: readonly Severity[] = ["error", "warning"];
	const counts = severities.flatMap((severity) => {
		const count = countOf(diagnostics, severity);
		return count === 0 ? [] : [counted(count, severity)];
	});
	return counts.length === 0 ? "no faults found" : counts.join(", ");
}

function renderOne(found: Diagnostic, sources: ReadonlyMap<string, string>, options: RenderOptions): string[] {
	const paint = (style: Style, text: string) => painted(style, text, options);
	const color = colorOf(found);
	const frame = (span: Span, mark: string, markColor: "red" | "yellow" | "cyan") =>
		codeFrame(sources.get(span.file), span, {
			mark,
			paintMark: (text) => paint(markColor, text),
			paintGutter: (text) => paint("dim", text),
		});
	const lines = [headLine(found, options)];
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

function headLine(found: Diagnostic, options: RenderOptions): string {
	const { span, severity, code, message } = found;
	return `${place(span, options)}: ${painted(colorOf(found), `${severity}[${code}]`, options)}: ${message}`;
}

function colorOf({ severity }: Diagnostic): "red" | "yellow" {
	return severity === "error" ? "red" : "yellow";
}

function painted(style: Style, text: string, options: RenderOptions): string {
	return options.color === true ? styleText(style, text, { validateStream: false }) : text;
}

function place(span: Span, options: RenderOptions): string {
	return `${options.pathPrefix ?? ""}${span.file}:${span.line}:${span.column}`;
}
