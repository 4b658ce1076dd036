/** Rules beyond those of WIT itself, by the name under which a package asks for them. */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { everythingDocumented } from "./documented.ts";
import { lint } from "./lint.ts";

export type ProfileName = "general" | "spear";

/**
 * - `general`: advice for any package, as warnings.
 * - `spear`: the conventions of `spear:ai`, which its targets rely on, as errors.
 */
export const lintProfiles: { readonly [name in ProfileName]: (model: Model) => Diagnostic[] } = { general, spear: lint };

function general(model: Model): Diagnostic[] {
	const found: Diagnostic[] = [];
	everythingDocumented(model, (code, span, message, help) => found.push(diagnostic("warning", code, span, message, { help })));
	return found;
}
