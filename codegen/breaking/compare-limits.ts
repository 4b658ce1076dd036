/** Constraints, defaults and features of one field or case. */
import type { Findings, Subject } from "./finding.ts";
import type { Part } from "./surface.ts";

/** Features by their name of today; absent for one that is gone altogether, which is reported once for the package. */
export type FeatureNames = ReadonlyMap<string, string>;

/** @param subject the field or case, with the users of its type */
export function compareLimits(findings: Findings, subject: Subject, before: Part, after: Part, features: FeatureNames): void {
	const names = new Set([...before.limits.keys(), ...after.limits.keys()]);
	for (const name of names) {
		const was = before.limits.get(name);
		const now = after.limits.get(name);
		if (was === now) continue;
		if (name === "default") compareDefaults(findings, subject, was, now);
		else compareLimit(findings, subject, name, was, now);
	}
	const kept = new Set(before.features.map((name) => features.get(name)));
	for (const name of after.features) if (!kept.has(name)) findings.add("feature-demanded", { ...subject, part: name });
	for (const name of before.features) {
		const successor = features.get(name);
		if (successor !== undefined && !after.features.includes(successor)) findings.add("feature-not-demanded", { ...subject, part: name });
	}
}

function compareDefaults(findings: Findings, subject: Subject, was: string | undefined, now: string | undefined): void {
	if (was === undefined) findings.add("default-added", { ...subject, after: now ?? "" });
	else if (now === undefined) findings.add("default-removed", { ...subject, before: was });
	else findings.add("default-changed", { ...subject, before: was, after: now });
}

function compareLimit(findings: Findings, subject: Subject, name: string, was: string | undefined, now: string | undefined): void {
	const before = was === undefined ? "had no limit" : `was limited by ${name} \`${was}\``;
	if (now !== undefined && (was === undefined || tightens(name, was, now)))
		findings.add("limit-tightened", { ...subject, before, after: `${name} \`${now}\`` });
	else
		findings.add("limit-loosened", { ...subject, before, after: now === undefined ? "is not any more" : `is now limited by \`${now}\`` });
}

/** Another pattern counts as tighter: no cheap test says that it accepts all that the old one did. */
function tightens(name: string, was: string, now: string): boolean {
	if (name === "minimum" || name === "minItems") return Number(now) > Number(was);
	if (name === "maximum" || name === "maxItems") return Number(now) < Number(was);
	return true;
}
