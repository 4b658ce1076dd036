/** Compares two surfaces of a package, and judges each difference by its rule. Additions are findings too, and break no guest. */
import type { Model } from "../model/model.ts";
import { compareFunctionLists } from "./compare-functions.ts";
import { compareFeatures, compareOperations } from "./compare-operations.ts";
import { comparePackages } from "./compare-packages.ts";
import { type Comparison, compareTypes, namedTypes } from "./compare-types.ts";
import { comparePorts } from "./compare-worlds.ts";
import { type Finding, Findings } from "./finding.ts";
import { isDependency, isInline, Pairing } from "./pairing.ts";
import { directionsOf, type Scope, type Surface } from "./surface.ts";
import { surfaceOf } from "./surface-of-model.ts";
import { UserIndex } from "./users.ts";

/**
 * Compares two models of one package. Works for every package: without a lock, without `@operation`, with any dependencies.
 *
 * @returns findings sorted by item and rule, the same on every machine
 */
export function compare(before: Model, after: Model): Finding[] {
	return compareSurfaces(surfaceOf(before), surfaceOf(after));
}

export function compareSurfaces(before: Surface, after: Surface): Finding[] {
	const findings = new Findings();
	const pairing = new Pairing(before, after);
	comparePackages(findings, pairing);
	compareOperations(findings, pairing);
	const features = compareFeatures(findings, before, after);
	const comparison: Comparison = { pairing, findings, features, users: new UserIndex(before), named: namedTypes(pairing) };
	const directions = directionsOf(before);
	for (const scope of pairing.scopes.removed) addRemoved(findings, scope, directions);
	for (const scope of pairing.scopes.added) {
		if (isDependency(scope) || isInline(scope)) continue;
		findings.add(scope.kind === "world" ? "world-added" : "interface-added", { item: scope.key, span: scope.span });
	}
	for (const [old, now] of pairing.scopes.renamed) {
		if (isInline(old)) continue;
		const rule = old.kind === "world" ? "world-renamed" : "interface-renamed";
		findings.add(rule, { item: old.key, before: old.key, after: now.key, span: now.span, spanBefore: old.span });
	}
	for (const [old, now] of [...pairing.scopes.kept, ...pairing.scopes.renamed]) {
		const inScope = directions.get(old.key) ?? [];
		compareTypes(comparison, old, inScope, now);
		compareFunctionLists(findings, pairing, old.functions, now.functions, inScope);
		if (old.kind === "world") comparePorts(comparison, old, now);
	}
	return findings.sorted();
}

/** An inline interface goes with its import or export, and an interface of a dependency with what led to it. */
function addRemoved(findings: Findings, scope: Scope, directions: ReturnType<typeof directionsOf>): void {
	if (isDependency(scope) || isInline(scope)) return;
	if (scope.kind === "world") findings.add("world-removed", { item: scope.key, spanBefore: scope.span });
	else findings.add("interface-removed", { item: scope.key, positions: directions.get(scope.key) ?? [], spanBefore: scope.span });
}
