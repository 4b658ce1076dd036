/**
 * A fault found in the user's input, with the place it was found at. Diagnostics are values: code generation collects
 * as many as it can and prints them together; nothing that is the user's to mend is ever thrown.
 */
import type { Span } from "../model/model.ts";
import type { DiagnosticCode } from "./codes.ts";

/** `error` stops the generation, `warning` does not. */
export type Severity = "error" | "warning";

export interface Diagnostic {
	/** Stable kebab-case identifier, e.g. `unknown-name`: what tests and suppressions refer to. */
	readonly code: DiagnosticCode;
	readonly severity: Severity;
	/** A sentence without a final full stop that says what is wrong. WIT names and code stand in backquotes. */
	readonly message: string;
	readonly span: Span;
	/** The advice that goes with the message. */
	readonly help?: string;
	/** Other places that matter, e.g. the first of two declarations. */
	readonly related?: readonly RelatedPlace[];
	/** Set if the diagnostic stands for this number of others, which are not shown. */
	readonly leftOut?: number;
}

export interface RelatedPlace {
	readonly message: string;
	readonly span: Span;
}

/** Optional parts of a diagnostic beyond code, place and message. */
export interface DiagnosticExtras {
	readonly help?: string | undefined;
	readonly related?: readonly RelatedPlace[] | undefined;
}

/** Builds a diagnostic, leaving out extras that are undefined. */
export function diagnostic(
	severity: Severity,
	code: DiagnosticCode,
	span: Span,
	message: string,
	extras: DiagnosticExtras = {},
): Diagnostic {
	return {
		code,
		severity,
		message,
		span,
		...(extras.help === undefined ? {} : { help: extras.help }),
		...(extras.related === undefined ? {} : { related: extras.related }),
	};
}

/** The same diagnostic with every place moved, e.g. to paths as people see them. */
export function movedDiagnostic(each: Diagnostic, move: (span: Span) => Span): Diagnostic {
	return {
		...each,
		span: move(each.span),
		...(each.related === undefined ? {} : { related: each.related.map((place) => ({ ...place, span: move(place.span) })) }),
	};
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
	return diagnostics.some((each) => each.severity === "error");
}

/** Number of findings of a severity, those that are not shown included. */
export function countOf(diagnostics: readonly Diagnostic[], severity: Severity): number {
	return diagnostics.reduce((count, each) => count + (each.severity === severity ? (each.leftOut ?? 1) : 0), 0);
}
