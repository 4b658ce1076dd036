/** Diagnostics as annotations of GitHub Actions. @see https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
import type { Diagnostic } from "./diagnostic.ts";

/** Returns one command a line, with a final newline. Empty without diagnostics. */
export function renderGithub(diagnostics: readonly Diagnostic[]): string {
	return diagnostics.map((each) => `${command(each)}\n`).join("");
}

function command({ severity, code, span, message, help, related }: Diagnostic): string {
	const properties = Object.entries({
		file: span.file,
		line: span.line,
		col: span.column,
		endLine: span.endLine,
		endColumn: span.endColumn,
		title: code,
	});
	const places = (related ?? []).map((each) => `${each.span.file}:${each.span.line}:${each.span.column}: ${each.message}`);
	const text = [message, ...places, ...(help === undefined ? [] : [`help: ${help}`])].join("\n");
	return `::${severity} ${properties.map(([name, value]) => `${name}=${property(String(value))}`).join(",")}::${data(text)}`;
}

function data(text: string): string {
	return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
	return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
