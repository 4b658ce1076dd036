/** Lint of the hostcalls of core modules, and the ABI that the emitters print. */
import { DiagnosticCollector } from "../../diagnostics/collector.ts";
import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { buildCore } from "../../model/core/build-core.ts";
import type { CoreAbi } from "../../model/core/core-abi.ts";
import type { Model } from "../../model/model.ts";
import { everythingDocumented, everythingGated } from "../documented.ts";
import { fieldTags } from "../field-tags.ts";
import { namesStayApart } from "../names.ts";
import { replacementsExist } from "../replacements.ts";
import type { Rule } from "../rule.ts";
import { membersAreNumbered } from "./numbers.ts";
import { typesCross } from "./records.ts";
import { tagPlaces } from "./tag-places.ts";
import { coreTags } from "./tags.ts";

const rules: readonly Rule[] = [
	coreTags,
	tagPlaces,
	fieldTags,
	everythingDocumented,
	everythingGated,
	membersAreNumbered,
	typesCross,
	namesStayApart,
	replacementsExist,
];

/** The ABI is absent if the package has no enum of errors. Otherwise the ABI may be used if there are no faults. */
export function checkCore(model: Model): { readonly abi?: CoreAbi; readonly diagnostics: readonly Diagnostic[] } {
	const found = new DiagnosticCollector();
	for (const rule of rules) rule(model, (code, span, message, help) => found.error(code, span, message, { help }));
	const abi = buildCore(model, ({ code, span, message, help }) => found.error(code, span, message, { help }));
	return { diagnostics: found.list(), ...(abi === undefined ? {} : { abi }) };
}
