/** Gathers diagnostics from every stage of a run and hands them out in reading order. */
import type { Span } from "../model/model.ts";
import type { DiagnosticCode } from "./codes.ts";
import { type Diagnostic, type DiagnosticExtras, diagnostic, type Severity } from "./diagnostic.ts";
import { counted } from "./words.ts";

/** Most findings of a severity that are kept. More are not read, and a hostile file has one at each character. */
const MAX_FINDINGS = 1_000;

/** Findings of a severity that are not kept. */
interface LeftOut {
	readonly count: number;
	/** Place of the first. */
	readonly span: Span;
}

export class DiagnosticCollector {
	readonly #found = new Map<string, Diagnostic>();
	readonly #counts = { error: 0, warning: 0 };
	readonly #leftOut = new Map<Severity, LeftOut>();

	error(code: DiagnosticCode, span: Span, message: string, extras?: DiagnosticExtras): void {
		this.add(diagnostic("error", code, span, message, extras));
	}

	warning(code: DiagnosticCode, span: Span, message: string, extras?: DiagnosticExtras): void {
		this.add(diagnostic("warning", code, span, message, extras));
	}

	/** Adds one diagnostic. The same fault found twice (a type reached on two ways) is kept once. */
	add(found: Diagnostic): void {
		const { severity, span } = found;
		const key = JSON.stringify([span.file, span.offset, found.code, found.message]);
		if (found.leftOut !== undefined) this.leaveOut(severity, span, found.leftOut);
		else if (this.#found.has(key)) return;
		else if (this.#counts[severity] >= MAX_FINDINGS) this.leaveOut(severity, span);
		else {
			this.#found.set(key, found);
			this.#counts[severity]++;
		}
	}

	/** Counts findings that are not kept. A fault found twice counts twice, because only what is kept can be compared. */
	leaveOut(severity: Severity, span: Span, count = 1): void {
		const before = this.#leftOut.get(severity);
		this.#leftOut.set(severity, { count: (before?.count ?? 0) + count, span: before?.span ?? span });
	}

	has(code: DiagnosticCode): boolean {
		return [...this.#found.values()].some((each) => each.code === code);
	}

	get hasErrors(): boolean {
		return this.#counts.error > 0;
	}

	/** True if no further error is kept. What takes time to word need not be worded then. */
	get isFull(): boolean {
		return this.#counts.error >= MAX_FINDINGS;
	}

	/**
	 * Sorted by file, then by place, then by code, each compared by code units: the same on every machine. Last, a diagnostic for each severity of
	 * which findings were left out.
	 */
	list(): Diagnostic[] {
		const kept = [...this.#found.values()].sort(compareDiagnostics);
		return [...kept, ...[...this.#leftOut].map(([severity, { count, span }]) => furtherFindings(severity, count, span))];
	}
}

function furtherFindings(severity: Severity, count: number, span: Span): Diagnostic {
	const message = `${counted(count, `more ${severity}`)} from here on ${count === 1 ? "is" : "are"} not shown`;
	return { code: "too-many-findings", severity, message, span, leftOut: count };
}

export function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
	return (
		compareText(a.span.file, b.span.file) ||
		a.span.offset - b.span.offset ||
		compareText(a.code, b.code) ||
		compareText(a.message, b.message)
	);
}

function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
