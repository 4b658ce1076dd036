/** `@replaced-by` stands beside `@deprecated`, and names what exists. */
import { didYouMean } from "../diagnostics/suggest.ts";
import { replacementNames } from "../model/deprecation.ts";
import type { Interface } from "../model/model.ts";
import type { Rule } from "./rule.ts";
import { type SubjectKind, subjectsOf } from "./subjects.ts";

/** Kinds of items that may have a replacement. */
const KINDS: ReadonlySet<SubjectKind> = new Set(["interface", "resource", "function"]);

export const replacementsExist: Rule = (model, report) => {
	const known = new Map<Interface, ReadonlySet<string>>();
	for (const { kind, docs, gates, iface, label } of subjectsOf(model)) {
		const tag = docs.tags.find(({ name }) => name === "replaced-by");
		// The rule on doc tags reports a tag without a value, and one on another kind of item.
		if (tag === undefined || tag.value === "" || iface === undefined || !KINDS.has(kind)) continue;
		if (gates?.deprecated === undefined) {
			report(
				"misplaced-doc-tag",
				tag.span,
				`\`@replaced-by\` stands on ${label}, which is not deprecated`,
				"write `@deprecated(version = …)` before the item, or drop the tag",
			);
			continue;
		}
		const names = known.get(iface) ?? replacementNames(model, iface);
		known.set(iface, names);
		if (!names.has(tag.value))
			report(
				"unknown-replacement",
				tag.span,
				`\`@replaced-by\` of ${label} names \`${tag.value}\`, which the package does not have`,
				didYouMean(tag.value, [...names]) ??
					"name a function, a resource or an interface, e.g. `complete`, `session.send` or `cchat.complete`",
			);
	}
};
