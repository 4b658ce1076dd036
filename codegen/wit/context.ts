/** Shared by all steps of the resolution: options, findings, and the packages known so far. */
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { DiagnosticCollector } from "../diagnostics/collector.ts";
import type { DiagnosticExtras } from "../diagnostics/diagnostic.ts";
import type { Span, TypeDef } from "../model/model.ts";
import { isKebabCase, toKebabCase } from "./names.ts";
import type { Name, Range } from "./syntax.ts";
import type { FileScope, PackageUnit } from "./units.ts";

/** A part of the syntax that knows its file. */
export type Place = Pick<FileScope, "file">;

export class Context {
	readonly diagnostics: DiagnosticCollector;
	readonly features: ReadonlySet<string> | "all";
	/** By key: `ns:name@version`. */
	readonly packages = new Map<string, PackageUnit>();
	/** Package → the packages it refers to, each with the first place that does. */
	readonly packageEdges = new Map<PackageUnit, Map<PackageUnit, Span>>();
	/** Depth of the types resolved so far: 1 for one without parts. */
	readonly depths = new Map<TypeDef, number>();
	/** Names in text that could not be parsed. Such a name is not reported as unknown. */
	readonly lostNames = new Set<string>();

	constructor(diagnostics: DiagnosticCollector, features: readonly string[] | "all") {
		this.diagnostics = diagnostics;
		this.features = features === "all" ? "all" : new Set(features);
	}

	span(scope: Place, range: Range): Span {
		return scope.file.source.span(range);
	}

	error(code: DiagnosticCode, scope: Place, range: Range, message: string, extras?: DiagnosticExtras): void {
		this.diagnostics.error(code, this.span(scope, range), message, extras);
	}

	warning(code: DiagnosticCode, scope: Place, range: Range, message: string, extras?: DiagnosticExtras): void {
		this.diagnostics.warning(code, this.span(scope, range), message, extras);
	}

	/** Reports an unknown name, unless it may be declared in a part that could not be parsed. */
	unknown(code: DiagnosticCode, scope: Place, name: Name, message: string, help?: string): void {
		if (!this.lostNames.has(name.text)) {
			this.error(code, scope, name, message, { help });
		}
	}

	checkName(scope: Place, name: Name): void {
		if (isKebabCase(name.text)) {
			return;
		}
		const better = toKebabCase(name.text);
		this.error("invalid-name", scope, name, `\`${name.text}\` is not a valid name`, {
			help: isKebabCase(better)
				? `names are kebab-case; write \`${better}\``
				: "names are kebab-case: words of letters and digits joined by single hyphens, beginning with a letter",
		});
	}
}
