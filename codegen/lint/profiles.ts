/** Rules beyond those of WIT itself, by the name under which a package asks for them. */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { Model } from "../model/model.ts";
import { checkCore } from "./core/check-core.ts";
import { everythingDocumented } from "./documented.ts";
import { lint } from "./lint.ts";

export type ProfileName = "general" | "spear" | "spear-core";

/**
 * - `general`: advice for any package, as warnings.
 * - `spear`: the conventions of `spear:ai`, which its targets rely on, as errors.
 * - `spear-core`: the same for `spear:core`.
 */
export const lintProfiles: { readonly [name in ProfileName]: (model: Model) => Diagnostic[] } = {
	general,
	spear: lint,
	"spear-core": (model) => [...checkCore(model).diagnostics],
};

function general(model: Model): Diagnostic[] {
	const found: Diagnostic[] = [];
	everythingDocumented(model, (code, span, message, help) => found.push(diagnostic("warning", code, span, message, { help })));
	return found;
}
