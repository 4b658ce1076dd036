/** A fault of the input that is found too deep inside the generator to be gathered there. The run reports it as a diagnostic. */
import type { Span } from "../model/model.ts";
import type { DiagnosticCode } from "./codes.ts";
import { type Diagnostic, diagnostic } from "./diagnostic.ts";

export class InputFault extends Error {
	override readonly name: string = "InputFault";
	readonly code: DiagnosticCode;
	/** Relative to the WIT directory. Absent: a fault of the package as a whole. */
	readonly span: Span | undefined;
	readonly help: string | undefined;

	constructor(code: DiagnosticCode, span: Span | undefined, message: string, help?: string) {
		super(message);
		this.code = code;
		this.span = span;
		this.help = help;
	}

	/** @param whole place of a fault of the package as a whole */
	diagnosticAt(whole: Span): Diagnostic {
		return diagnostic("error", this.code, this.span ?? whole, this.message, { help: this.help });
	}
}
