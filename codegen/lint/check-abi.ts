/** Lint and ABI in one: everything that stands between a valid model and one that code can be generated from. */
import { DiagnosticCollector } from "../diagnostics/collector.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Abi } from "../model/abi.ts";
import { buildAbi } from "../model/build-abi.ts";
import type { Model } from "../model/model.ts";
import { lint } from "./lint.ts";

/** The ABI is to be used only when there are no errors. */
export function checkAbi(model: Model): { readonly abi: Abi; readonly diagnostics: readonly Diagnostic[] } {
	const found = new DiagnosticCollector();
	for (const each of lint(model)) found.add(each);
	const abi = buildAbi(model, ({ code, span, message, help }) => {
		// The rule on doc tags reports such tags too, in better words.
		if (code !== "misplaced-doc-tag") found.error(code, span, message, { help });
	});
	return { abi, diagnostics: found.list() };
}
