/** Findings as diagnostics, and the version that they ask for. */
import { type Diagnostic, diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../model/model.ts";
import { compareSemver } from "../wit/semver.ts";
import { nameAndVersion } from "./compare-packages.ts";
import type { Finding } from "./finding.ts";
import type { Bump } from "./rule.ts";
import { bumped, largest } from "./rules.ts";

export interface Verdict {
	/** The largest step that a finding asks for. */
	readonly bump: Bump;
	/** The smallest version that allows it. Absent if the package has no version, or if nothing has changed. */
	readonly required?: string;
	/** True if the version of today is at least that. A package without a version allows additions only. */
	readonly isSufficient: boolean;
}

/** A surface, of which only the name and the version of the package count here. */
interface Named {
	readonly id: string;
}

export function verdictOf(before: Named, after: Named, findings: readonly Finding[]): Verdict {
	const bump = largest(findings.map((finding) => finding.bump));
	const [old, now] = [nameAndVersion(before.id), nameAndVersion(after.id)];
	if (bump === "patch") return { bump, isSufficient: true };
	if (old.name !== now.name || old.version === "" || now.version === "") return { bump, isSufficient: bump !== "major" };
	const required = bumped(old.version, bump);
	return { bump, required, isSufficient: compareSemver(now.version, required) >= 0 };
}

/**
 * Diagnostics of the breaks among the findings, as errors.
 *
 * @param placeOfGone place of a finding about an item that is no longer in the WIT
 * @param wayOut what to do other than the help of the rule, e.g. "raise the version to `2.0.0`"
 */
export function breakDiagnostics(findings: readonly Finding[], placeOfGone: (finding: Finding) => Span, wayOut?: string): Diagnostic[] {
	return findings
		.filter(({ bump }) => bump === "major")
		.map((found) => {
			const ways = [found.help ?? (wayOut === undefined ? undefined : "undo it"), wayOut].filter((way) => way !== undefined);
			const help = ways.length === 0 ? undefined : ways.join("; or ");
			return diagnostic("error", found.rule, found.span ?? placeOfGone(found), found.message, { help });
		});
}
