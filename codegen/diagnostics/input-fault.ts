/** A fault of the input that is found too deep inside the generator to be gathered there. The run reports it as a diagnostic. */
import type { Span } from "../model/model.ts";
import type { DiagnosticCode } from "./codes.ts";
import { type Diagnostic, type DiagnosticExtras, diagnostic } from "./diagnostic.ts";

export class InputFault extends Error {
	override readonly name: string = "InputFault";
	/** Its span is relative to the WIT directory. */
	readonly diagnostic: Diagnostic;

	constructor(code: DiagnosticCode, span: Span, message: string, extras?: DiagnosticExtras) {
		super(`${span.file}:${span.line}:${span.column}: ${message}`);
		this.diagnostic = diagnostic("error", code, span, message, extras);
	}
}
