/** Each item is documented, and each item that can be gated says since when: guests read both in generated code. */
import type { Rule } from "./rule.ts";
import { subjectsOf } from "./subjects.ts";

/** An import or export of a whole interface is documented by the interface. */
export const everythingDocumented: Rule = (model, report) => {
	for (const { kind, docs, span, label } of subjectsOf(model)) {
		if (kind === "import" || kind === "export" || docs.text.trim() !== "") continue;
		report(
			"undocumented",
			span,
			`${label} has no doc comment`,
			"say in a `///` line above it what it is for; docs and typings are made of it",
		);
	}
};

export const everythingGated: Rule = (model, report) => {
	const { id, interfaces, worlds } = model.main;
	const first = interfaces[0] ?? worlds[0];
	if (id.version === undefined) {
		if (first !== undefined)
			report(
				"unversioned-package",
				first.span,
				`package \`${id.namespace}:${id.name}\` has no version`,
				`declare one: \`package ${id.namespace}:${id.name}@0.1.0;\``,
			);
		return;
	}
	for (const { gates, span, label } of subjectsOf(model)) {
		if (gates === undefined || gates.since !== undefined || gates.unstable !== undefined) continue;
		report(
			"missing-since",
			span,
			`${label} does not say since when it exists`,
			`write \`@since(version = ${id.version})\` above it, or \`@unstable(feature = …)\` while it may still change`,
		);
	}
};
