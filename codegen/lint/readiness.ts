/** The one resource tagged `@readiness`: what every stream of the package is waited for with. */
import { hasTag } from "../model/abi.ts";
import type { Model } from "../model/model.ts";
import type { Rule } from "./rule.ts";
import { type Subject, subjectsOf } from "./subjects.ts";

export const readinessIsOne: Rule = (model, report) => {
	const [first, ...others] = readinessResources(model);
	if (first === undefined) return;
	for (const { label, span } of others) {
		report(
			"several-readiness",
			span,
			`${label} is tagged \`@readiness\`, and so is ${first.label}`,
			"a package has one such resource; use its handles everywhere",
		);
	}
	for (const { label, span, item } of [first, ...others]) {
		const other = ["stream", "session"].find((tag) => hasTag(item, tag));
		if (other !== undefined)
			report(
				"misfit-doc-tag",
				span,
				`${label} is tagged both \`@readiness\` and \`@${other}\``,
				"a readiness says when something can be read; let the stream give one with `subscribe`",
			);
	}
};

/** Name of the resource tagged `@readiness`; undefined in a package without one. */
export function readinessName(model: Model): string | undefined {
	return readinessResources(model)[0]?.name;
}

function readinessResources(model: Model): (Subject & { kind: "resource" })[] {
	return subjectsOf(model).flatMap((subject) =>
		subject.kind === "resource" && hasTag(subject.item, "readiness") ? [{ ...subject, kind: "resource" }] : [],
	);
}
