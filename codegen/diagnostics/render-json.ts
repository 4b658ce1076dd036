/** Diagnostics for programs: one JSON document, stable in its keys. */
import type { Diagnostic } from "./diagnostic.ts";

/** `{ "errors": n, "warnings": n, "diagnostics": [...] }`, indented by tabs, with a final newline. */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
	const count = (severity: Diagnostic["severity"]) => diagnostics.filter((each) => each.severity === severity).length;
	const document = { errors: count("error"), warnings: count("warning"), diagnostics };
	return `${JSON.stringify(document, undefined, "\t")}\n`;
}
