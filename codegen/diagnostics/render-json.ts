/** Diagnostics for programs: one JSON document, stable in its keys. */
import { countOf, type Diagnostic } from "./diagnostic.ts";

/**
 * `{ "errors": n, "warnings": n, "diagnostics": [...] }`, indented by tabs, with a final newline. The numbers count findings that are not shown, too.
 */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
	const document = { errors: countOf(diagnostics, "error"), warnings: countOf(diagnostics, "warning"), diagnostics };
	return `${JSON.stringify(document, undefined, "\t")}\n`;
}
