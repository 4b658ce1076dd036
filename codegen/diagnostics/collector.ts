/** Gathers diagnostics from every stage of a run and hands them out in reading order. */
import type { Span } from "../model/model.ts";
import type { DiagnosticCode } from "./codes.ts";
import { type Diagnostic, type DiagnosticExtras, diagnostic } from "./diagnostic.ts";

/** Most findings of a severity that are kept. More are not read, and a hostile file has one at each character. */
const MAX_FINDINGS = 1_000;

export class DiagnosticCollector {
	readonly #found = new Map<string, Diagnostic>();
	readonly #counts = { error: 0, warning: 0 };

	error(code: DiagnosticCode, span: Span, message: string, extras?: DiagnosticExtras): void {
		this.add(diagnostic("error", code, span, message, extras));
	}

	warning(code: DiagnosticCode, span: Span, message: string, extras?: DiagnosticExtras): void {
		this.add(diagnostic("warning", code, span, message, extras));
	}

	/** Adds one diagnostic. The same fault found twice (a type reached on two ways) is kept once. */
	add(found: Diagnostic): void {
		if (this.#counts[found.severity] >= MAX_FINDINGS) return;
		const key = JSON.stringify([found.span.file, found.span.offset, found.code, found.message]);
		if (!this.#found.has(key)) {
			this.#found.set(key, found);
			this.#counts[found.severity]++;
		}
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

	/** Sorted by file, then by place, then by code, each compared by code units: the same on every machine. */
	list(): Diagnostic[] {
		return [...this.#found.values()].sort(compareDiagnostics);
	}
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
