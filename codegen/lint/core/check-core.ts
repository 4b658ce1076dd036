/** Lint of the hostcalls of core modules, and the ABI that the emitters print. */
import { DiagnosticCollector } from "../../diagnostics/collector.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { buildCore } from "../../model/core/build-core.ts";
import type { CoreAbi } from "../../model/core/core-abi.ts";
import type { Model } from "../../model/model.ts";

/** The ABI is absent without errors to answer with. It is to be used only if there are no faults. */
export function checkCore(model: Model): { readonly abi?: CoreAbi; readonly diagnostics: readonly Diagnostic[] } {
	const found = new DiagnosticCollector();
	const abi = buildCore(model, ({ code, span, message, help }) => found.error(code, span, message, { help }));
	return { diagnostics: found.list(), ...(abi === undefined ? {} : { abi }) };
}
