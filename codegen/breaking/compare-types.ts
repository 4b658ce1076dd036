/** Types of one scope, and the names that it brings in by `use`. */
import { compareFunctionLists } from "./compare-functions.ts";
import { compareLimits, type FeatureNames } from "./compare-limits.ts";
import type { Findings, Subject } from "./finding.ts";
import { match, placesOf } from "./match.ts";
import type { Pairing, VisibleType } from "./pairing.ts";
import type { RuleCode } from "./rules.ts";
import type { Direction, Part, Scope, TypeDecl, TypeKind } from "./surface.ts";
import { leaf, namesIn, typeText } from "./type-node.ts";
import type { UserIndex } from "./users.ts";

/** State that the steps of a comparison share. */
export interface Comparison {
	readonly pairing: Pairing;
	readonly findings: Findings;
	readonly users: UserIndex;
	readonly features: FeatureNames;
	/** Keys of types that anything named before. */
	readonly named: ReadonlySet<string>;
}

export function compareTypes(comparison: Comparison, old: Scope, directions: readonly Direction[], now: Scope): void {
	const { kept, renamed, removed, added } = comparison.pairing.visibleTypes(old);
	for (const type of removed) addRemoved(comparison, old, type, directions);
	for (const { name, decl, span } of added) {
		if (decl === undefined) comparison.findings.add("use-added", { item: now.key, part: name, span });
		else comparison.findings.add("type-added", { item: decl.key, kind: decl.kind, span });
	}
	for (const [was, is] of renamed) addRenamed(comparison, old, was, is);
	for (const [was, is] of [...kept, ...renamed]) {
		if (was.decl === undefined) compareUse(comparison, old, was, is);
		else compareDeclared(comparison, was.decl, is, directions);
	}
}

function addRemoved({ findings, users, named }: Comparison, scope: Scope, type: VisibleType, directions: readonly Direction[]): void {
	const { decl, span: spanBefore } = type;
	if (decl === undefined) {
		findings.add("use-removed", { item: scope.key, part: type.name, positions: users.of(type.key).positions, spanBefore });
		return;
	}
	const subject = { item: decl.key, kind: decl.kind, spanBefore };
	if (decl.kind === "resource") findings.add("resource-removed", { ...subject, positions: directions });
	else if (decl.target !== undefined && named.has(decl.key)) findings.add("alias-inlined", { ...subject, before: typeText(decl.target) });
	else findings.add("type-removed", { ...subject, positions: users.of(decl.key).positions });
}

function addRenamed({ findings, users }: Comparison, scope: Scope, was: VisibleType, is: VisibleType): void {
	const positions = users.of(was.key).positions;
	const places = { positions, span: is.span, spanBefore: was.span };
	if (was.decl === undefined) findings.add("use-renamed", { item: scope.key, before: was.name, after: is.name, ...places });
	else if (was.decl.kind === "resource") findings.add("resource-renamed", { item: was.key, before: was.key, after: is.name, ...places });
	else findings.add("type-renamed", { item: was.key, kind: was.decl.kind, before: was.key, after: is.name, ...places });
}

function compareUse({ findings, pairing }: Comparison, scope: Scope, was: VisibleType, is: VisibleType): void {
	const relation = pairing.relate(leaf(was.key), leaf(is.key));
	const subject = { item: scope.key, part: was.name, before: was.key, after: is.key, span: is.span, spanBefore: was.span };
	if (relation === "changed") findings.add("use-target-changed", subject);
	if (relation === "renamed") findings.add("named-type-changed", subject);
}

function compareDeclared(comparison: Comparison, old: TypeDecl, is: VisibleType, directions: readonly Direction[]): void {
	const { findings, pairing, users } = comparison;
	const places = { item: old.key, span: is.span, spanBefore: old.span };
	const subject = { ...places, kind: old.kind, users: users.of(old.key) };
	if (is.decl === undefined && old.kind === "resource") {
		findings.add("resource-moved", { ...places, after: is.key });
		return;
	}
	if (is.decl === undefined) findings.add("type-moved", { ...subject, after: is.key });
	const declared = pairing.typesAfter.get(is.key);
	if (declared !== undefined) compareTags(findings, subject, old, declared);
	const [before, after] = [pairing.endBefore(old.target ?? leaf(old.key)), pairing.endAfter(declared?.target ?? leaf(is.key))];
	const [declBefore, declAfter] = [pairing.typesBefore.get(before.name), pairing.typesAfter.get(after.name)];

	if (old.kind === "alias" && declared?.kind === "alias") {
		const [was, now] = [old.target ?? before, declared.target ?? after];
		const relation = pairing.relate(was, now);
		const texts = { before: typeText(was), after: typeText(now) };
		if (relation === "changed") findings.add("alias-target-changed", { ...subject, ...texts });
		if (relation === "renamed") findings.add("named-type-changed", { ...subject, part: old.name, ...texts });
	} else if (old.kind === "resource" && declAfter?.kind !== "resource") {
		findings.add("resource-removed", { ...places, positions: directions });
	} else if (old.kind === "alias" || declAfter === undefined || old.kind !== declAfter.kind) {
		if (declBefore !== undefined && declBefore.kind === declAfter?.kind && pairing.relate(before, after) !== "changed") return;
		findings.add("type-kind-changed", { ...subject, before: article(old.kind), after: article(declAfter?.kind ?? "alias") });
	} else if (old.kind === "resource") {
		compareFunctionLists(findings, pairing, old.functions, declAfter.functions, directions);
	} else {
		compareParts(comparison, old, declAfter);
	}
}

function compareTags(findings: Findings, subject: Subject, old: TypeDecl, now: TypeDecl): void {
	if (old.tags.join() === now.tags.join()) return;
	const text = (tags: readonly string[]): string => (tags.length === 0 ? "with nothing" : tags.map((tag) => `\`@${tag}\``).join(", "));
	const isJson = [...old.tags, ...now.tags].some((tag) => tag.startsWith("json "));
	findings.add(isJson ? "json-kind-changed" : "carriage-changed", { ...subject, before: text(old.tags), after: text(now.tags) });
}

interface PartRules {
	readonly added: RuleCode;
	readonly removed: RuleCode;
	readonly renamed: RuleCode;
	readonly moved: RuleCode;
	/** Absent for parts without a type. */
	readonly changed?: RuleCode;
}

const PART_RULES: { readonly [kind in Exclude<TypeKind, "alias" | "resource">]: PartRules } = {
	record: {
		added: "record-field-added",
		removed: "record-field-removed",
		renamed: "record-field-renamed",
		moved: "record-field-moved",
		changed: "record-field-type-changed",
	},
	variant: {
		added: "variant-case-added",
		removed: "variant-case-removed",
		renamed: "variant-case-renamed",
		moved: "variant-case-moved",
		changed: "variant-case-type-changed",
	},
	enum: {
		added: "enum-case-added",
		removed: "enum-case-removed",
		renamed: "enum-case-renamed",
		moved: "enum-case-moved",
	},
	flags: {
		added: "flag-added",
		removed: "flag-removed",
		renamed: "flag-renamed",
		moved: "flag-moved",
	},
};

function compareParts(comparison: Comparison, old: TypeDecl, now: TypeDecl): void {
	const { findings, pairing, users, features } = comparison;
	if (old.kind === "alias" || old.kind === "resource") return;
	const rules = PART_RULES[old.kind];
	const of = { item: old.key, kind: old.kind, users: users.of(old.key) };
	const [placesBefore, placesAfter] = [placesOf(old.parts, now.parts), placesOf(now.parts, old.parts)];
	const matched = match(
		old.parts,
		now.parts,
		(part) => `${placesBefore.get(part.name)} ${pairing.structuresBefore.of(part.type)}`,
		(part) => `${placesAfter.get(part.name)} ${pairing.structuresAfter.of(part.type)}`,
	);
	for (const { name, span } of matched.removed) findings.add(rules.removed, { ...of, part: name, span: now.span, spanBefore: span });
	for (const { name, type, span } of matched.added) {
		const isOptional = old.kind === "record" && type !== undefined && pairing.endAfter(type).name === "option";
		findings.add(isOptional ? "optional-record-field-added" : rules.added, { ...of, part: name, span, spanBefore: old.span });
	}
	for (const [was, is] of matched.renamed)
		findings.add(rules.renamed, { ...of, before: was.name, after: is.name, span: is.span, spanBefore: was.span });
	for (const [was, is] of [...matched.kept, ...matched.renamed]) {
		const relation = pairing.relate(was.type, is.type);
		const subject = { ...of, part: is.name, span: is.span, spanBefore: was.span };
		if (relation === "changed" && rules.changed !== undefined)
			findings.add(rules.changed, { ...subject, before: partText(was), after: partText(is) });
		if (relation === "renamed") findings.add("named-type-changed", { ...subject, before: partText(was), after: partText(is) });
		compareLimits(findings, { ...subject, item: `${old.key}.${was.name}` }, was, is, features);
	}
	const moved = matched.kept.find(([was, is]) => placesBefore.get(was.name) !== placesAfter.get(is.name));
	if (moved !== undefined) findings.add(rules.moved, { ...of, part: moved[1].name, span: moved[1].span, spanBefore: moved[0].span });
}

function partText({ name, type }: Part): string {
	return type === undefined ? name : `${name}: ${typeText(type)}`;
}

function article(kind: string): string {
	return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
}

/** Keys of all types that functions, types and other scopes name. */
export function namedTypes({ before }: Pairing): Set<string> {
	const named = new Set<string>();
	const add = (...types: (Parameters<typeof namesIn>[0] | undefined)[]): void => {
		for (const type of types) if (type !== undefined) for (const name of namesIn(type)) named.add(name);
	};
	for (const scope of before.scopes.values()) {
		const ported = [...scope.ports.values()].flatMap(({ target }) => (target.kind === "function" ? [target.func] : []));
		const decls = [...scope.types.values()];
		for (const func of [...scope.functions.values(), ...ported, ...decls.flatMap((decl) => [...decl.functions.values()])])
			add(func.result, ...func.params.map(({ type }) => type));
		for (const decl of decls) add(decl.target, ...decl.parts.map(({ type }) => type));
	}
	return named;
}
