/** Printing of findings, in the forms that every command has. */
import { Option } from "commander";
import { type Diagnostic, hasErrors } from "../diagnostics/diagnostic.ts";
import { DIAGNOSTIC_FORMATS, type DiagnosticFormat } from "../diagnostics/formats.ts";
import { renderDiagnostics } from "../diagnostics/render.ts";
import { type Context, EXIT } from "./context.ts";

export interface FormatFlags {
	readonly format: DiagnosticFormat;
}

export function formatOption(): Option {
	return new Option("--format <format>", "text for people; json and sarif for programs; github and junit for continuous integration")
		.choices([...DIAGNOSTIC_FORMATS])
		.default("text");
}

/** Prints findings: for people to standard error, in all other forms to standard output, even if there are none. */
export function printFindings(
	context: Context,
	format: DiagnosticFormat,
	diagnostics: readonly Diagnostic[],
	sources: ReadonlyMap<string, string>,
): void {
	const text = renderDiagnostics(format, diagnostics, sources, { color: context.color });
	if (format !== "text") context.stdout(text.endsWith("\n") ? text : `${text}\n`);
	else if (diagnostics.length > 0) context.stderr(`${text}\n`);
}

/** The exit code for findings: warnings do not fail a command. */
export function exitOf(diagnostics: readonly Diagnostic[]): number {
	return hasErrors(diagnostics) ? EXIT.findings : EXIT.clean;
}
