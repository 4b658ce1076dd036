/** Diagnostics as SARIF 2.1.0, which code scanning services and editors read. @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/ */
import type { Span } from "../model/model.ts";
import { CODES, type DiagnosticCode } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";

/** Returns a log of one run, with the rules of the codes that occur. Indented by tabs, with a final newline. */
export function renderSarif(diagnostics: readonly Diagnostic[]): string {
	const codes = [...new Set(diagnostics.map((each) => each.code))].sort();
	const log = {
		$schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json",
		version: "2.1.0",
		runs: [
			{
				tool: { driver: { name: "spear-codegen", rules: codes.map(rule) } },
				columnKind: "utf16CodeUnits",
				results: diagnostics.map((each) => result(each, codes.indexOf(each.code))),
			},
		],
	};
	return `${JSON.stringify(log, undefined, "\t")}\n`;
}

function rule(code: DiagnosticCode): object {
	const { title, cause, help } = CODES[code];
	return { id: code, shortDescription: { text: title }, fullDescription: { text: cause }, help: { text: help } };
}

function result(found: Diagnostic, ruleIndex: number): object {
	const text = found.help === undefined ? found.message : `${found.message}\nhelp: ${found.help}`;
	const related = (found.related ?? []).map(({ message, span }, index) => ({
		id: index + 1,
		...location(span),
		message: { text: message },
	}));
	return {
		ruleId: found.code,
		ruleIndex,
		level: found.severity,
		message: { text },
		locations: [location(found.span)],
		...(related.length === 0 ? {} : { relatedLocations: related }),
	};
}

function location(span: Span): object {
	return {
		physicalLocation: {
			artifactLocation: { uri: span.file.split("/").map(encodeURIComponent).join("/") },
			region: {
				startLine: span.line,
				startColumn: span.column,
				endLine: span.endLine,
				endColumn: span.endColumn,
				charOffset: span.offset,
				charLength: span.endOffset - span.offset,
			},
		},
	};
}
