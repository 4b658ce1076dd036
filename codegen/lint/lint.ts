/** The rules a WIT package must follow beyond being valid WIT, so that code can be generated from it and relied on. */
import { DiagnosticCollector } from "../diagnostics/collector.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { dataHoldsNoHandles, ownTypesOnly, servedTypesOnly } from "./carried-types.ts";
import { docTags } from "./doc-tags.ts";
import { everythingDocumented, everythingGated } from "./documented.ts";
import { errorShape } from "./error-shape.ts";
import { familiesAreCallable } from "./families.ts";
import { fieldTags } from "./field-tags.ts";
import { namesStayApart } from "./names.ts";
import { readinessIsOne } from "./readiness.ts";
import { replacementsExist } from "./replacements.ts";
import { fallibleReturnsResult } from "./results.ts";
import type { Rule } from "./rule.ts";
import { streamsAreUniform } from "./streams.ts";

const rules: readonly Rule[] = [
	docTags,
	fieldTags,
	everythingDocumented,
	everythingGated,
	readinessIsOne,
	fallibleReturnsResult,
	servedTypesOnly,
	ownTypesOnly,
	dataHoldsNoHandles,
	errorShape,
	streamsAreUniform,
	familiesAreCallable,
	namesStayApart,
	replacementsExist,
];

/** Checks the main package. Files in the spans are relative to the WIT directory. */
export function lint(model: Model): Diagnostic[] {
	const found = new DiagnosticCollector();
	for (const rule of rules) rule(model, (code, span, message, help) => found.error(code, span, message, { help }));
	return found.list();
}
