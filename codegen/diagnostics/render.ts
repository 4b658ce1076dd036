/** All forms in which diagnostics are shown. */
import type { Diagnostic } from "./diagnostic.ts";
import type { DiagnosticFormat } from "./formats.ts";
import { renderGithub } from "./render-github.ts";
import { renderJson } from "./render-json.ts";
import { renderJunit } from "./render-junit.ts";
import { renderSarif } from "./render-sarif.ts";
import { type RenderOptions, renderText } from "./render-text.ts";

/** @param sources text of each file by the path its spans carry, for the code frames of `text` */
export function renderDiagnostics(
	format: DiagnosticFormat,
	diagnostics: readonly Diagnostic[],
	sources: ReadonlyMap<string, string>,
	options: RenderOptions = {},
): string {
	switch (format) {
		case "text":
			return renderText(diagnostics, sources, options);
		case "json":
			return renderJson(diagnostics);
		case "github":
			return renderGithub(diagnostics);
		case "junit":
			return renderJunit(diagnostics);
		case "sarif":
			return renderSarif(diagnostics);
	}
}
