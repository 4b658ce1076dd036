/** The rules a WIT package must follow beyond being valid WIT, so that code can be generated from it and relied on. */
import { DiagnosticCollector } from "../diagnostics/collector.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Model } from "../model/model.ts";
import type { Rule } from "./rule.ts";

const rules: readonly Rule[] = [];

/** Checks the main package. Files in the spans are relative to the WIT directory. */
export function lint(model: Model): Diagnostic[] {
	const found = new DiagnosticCollector();
	for (const rule of rules) rule(model, (code, span, message, help) => found.error(code, span, message, { help }));
	return found.list();
}
