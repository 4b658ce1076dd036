/** Feature gates: what is written on an item, whether it makes sense, and whether the item is active. */
import type { Gates } from "../model/model.ts";
import type { Context, Place } from "./context.ts";
import { compareSemver, isSemver } from "./semver.ts";
import type { GateNode, Literal, Name } from "./syntax.ts";
import type { FileScope, GateVerdict } from "./units.ts";

export function resolveGates(context: Context, scope: FileScope, nodes: readonly GateNode[]): GateVerdict {
	const found: { since?: { version: string }; unstable?: { feature: string }; deprecated?: { version: string } } = {};
	const seen = new Set<string>();
	for (const node of nodes) {
		if (seen.has(node.kind)) {
			context.error("conflicting-gates", scope, node, `\`@${node.kind}\` stands twice on the same item`);
		}
		seen.add(node.kind);
		if (node.kind === "unstable") {
			context.checkName(scope, node.feature);
			found.unstable = { feature: node.feature.text };
		} else if (node.kind === "external-id") {
			context.warning("ignored-external-id", scope, node, "`@external-id` is read but has no effect on what is generated");
		} else if (isVersionUsable(context, scope, node.kind, node.version)) {
			found[node.kind] = { version: node.version.text };
		}
	}
	checkCombination(context, scope, nodes, seen);
	return { gates: found, active: isActive(context, found) };
}

/** False for an `@unstable` item whose feature is not among the active ones. */
export function isActive({ features }: Context, { unstable }: Gates): boolean {
	return unstable === undefined || features === "all" || features.has(unstable.feature);
}

export interface InnerItem {
	readonly name: Name;
	/** True for a type, a `use`, and a function of a resource, which belongs to the resource. */
	readonly isType: boolean;
	readonly gates: Gates;
}

/**
 * Checks the gates of an item against those of what holds it. A type that stays when what holds it is hidden is
 * an error: the official tools refuse such a package. With the feature on, and for free functions, it is a warning.
 */
export function checkInnerGates(
	context: Context,
	scope: FileScope,
	{ name, isType, gates }: InnerItem,
	outer: { readonly label: string; readonly gates: Gates },
): void {
	const feature = outer.gates.unstable?.feature;
	if (feature !== undefined && gates.unstable?.feature !== feature) {
		const help = `write \`@unstable(feature = ${feature})\` before it too`;
		const needs = gates.unstable === undefined ? "no feature" : `feature \`${gates.unstable.feature}\``;
		const message = `\`${name.text}\` needs ${needs}, but ${outer.label} around it needs \`${feature}\``;
		if (isType && isActive(context, gates) && !isActive(context, outer.gates)) {
			context.error("missing-gate", scope, name, message, { help });
		} else if (scope.package.main && gates.unstable === undefined) {
			context.warning("missing-gate", scope, name, message, { help });
		}
	}
	const [since, outerSince] = [gates.since?.version, outer.gates.since?.version];
	if (scope.package.main && since !== undefined && outerSince !== undefined && compareSemver(since, outerSince) < 0) {
		const message = `\`${name.text}\` is there since ${since}, but ${outer.label} around it only since ${outerSince}`;
		context.warning("weaker-gate", scope, name, message, { help: "an item cannot be older than what holds it" });
	}
}

function isVersionUsable(context: Context, scope: FileScope, kind: "since" | "deprecated", version: Literal): boolean {
	if (!checkVersion(context, scope, version)) {
		return false;
	}
	const packageVersion = scope.package.id.version;
	if (packageVersion === undefined) {
		context.error("gate-without-package-version", scope, version, `\`@${kind}\` needs a package with a version`, {
			help: `declare one: \`package ${scope.package.key}@${version.text};\``,
		});
		return false;
	}
	if (kind === "since" && isSemver(packageVersion) && compareSemver(version.text, packageVersion) > 0) {
		context.error(
			"gate-in-future",
			scope,
			version,
			`\`@since\` names version ${version.text}, but the package is only at ${packageVersion}`,
			{ help: "raise the version of the package or lower that of the gate" },
		);
	}
	return true;
}

function checkCombination(context: Context, scope: FileScope, nodes: readonly GateNode[], seen: ReadonlySet<string>): void {
	const last = nodes.at(-1);
	if (last === undefined) {
		return;
	}
	if (seen.has("since") && seen.has("unstable")) {
		context.error("conflicting-gates", scope, last, "an item is either `@since` a version or `@unstable`, not both");
	} else if (seen.has("deprecated") && !seen.has("since") && !seen.has("unstable")) {
		context.error("conflicting-gates", scope, last, "`@deprecated` needs `@since` or `@unstable` beside it");
	}
}

/** Diagnoses a version that is not a full semantic version. */
export function checkVersion(context: Context, scope: Place, version: Literal): boolean {
	if (isSemver(version.text)) {
		return true;
	}
	context.error("invalid-version", scope, version, `\`${version.text}\` is not a semantic version`, {
		help: "write all three numbers, for example `1.0.0`",
	});
	return false;
}
