/** Functions of interfaces, of resources and of worlds. */
import type { Findings } from "./finding.ts";
import { functionText } from "./lock-format.ts";
import { match, placesOf } from "./match.ts";
import type { Pairing } from "./pairing.ts";
import type { Direction, FuncDecl } from "./surface.ts";
import { type TypeNode, typeText } from "./type-node.ts";

/** Compares the functions of one owner. */
export function compareFunctionLists(
	findings: Findings,
	pairing: Pairing,
	before: ReadonlyMap<string, FuncDecl>,
	after: ReadonlyMap<string, FuncDecl>,
	directions: readonly Direction[],
): void {
	const { kept, renamed, removed, added } = match(
		before.values(),
		after.values(),
		(func) => (func.kind === "constructor" ? undefined : String(pairing.structuresBefore.ofFunction(func))),
		(func) => (func.kind === "constructor" ? undefined : String(pairing.structuresAfter.ofFunction(func))),
	);
	for (const func of removed) findings.add("function-removed", { item: func.key, positions: directions, spanBefore: func.span });
	for (const func of added) {
		const rule = directions.includes("export") ? "exported-function-added" : "function-added";
		findings.add(rule, { item: func.key, span: func.span });
	}
	for (const [old, now] of renamed)
		findings.add("function-renamed", { item: old.key, before: old.key, after: now.name, span: now.span, spanBefore: old.span });
	for (const [old, now] of [...kept, ...renamed]) compareFunctions(findings, pairing, old, now);
}

export function compareFunctions(findings: Findings, pairing: Pairing, old: FuncDecl, now: FuncDecl): void {
	const subject = { item: old.key, span: now.span, spanBefore: old.span };
	if (old.kind !== now.kind)
		findings.add("function-kind-changed", { ...subject, before: KIND_WORDS[old.kind], after: KIND_WORDS[now.kind] });
	if (old.async !== now.async) findings.add("async-changed", { ...subject, before: functionText(old), after: functionText(now) });
	if (old.blocking !== now.blocking) findings.add(now.blocking ? "blocking-added" : "blocking-removed", subject);
	compareParams(findings, pairing, old, now);

	const relation = pairing.relate(old.result, now.result);
	if (relation === "changed") findings.add("result-changed", { ...subject, before: shown(old.result), after: shown(now.result) });
	if (relation === "renamed") {
		const [before, after] = [typeText(old.result ?? NOTHING), typeText(now.result ?? NOTHING)];
		findings.add("named-type-changed", { ...subject, part: "result", before, after });
	}
}

const KIND_WORDS = { freestanding: "function", method: "method", static: "static function", constructor: "constructor" } as const;

const NOTHING: TypeNode = { name: "nothing", args: [] };

function compareParams(findings: Findings, pairing: Pairing, old: FuncDecl, now: FuncDecl): void {
	const subject = { item: old.key, span: now.span, spanBefore: old.span };
	const [placesBefore, placesAfter] = [placesOf(old.params, now.params), placesOf(now.params, old.params)];
	const { kept, renamed, removed, added } = match(
		old.params,
		now.params,
		({ name, type }) => `${placesBefore.get(name)} ${pairing.structuresBefore.of(type)}`,
		({ name, type }) => `${placesAfter.get(name)} ${pairing.structuresAfter.of(type)}`,
	);
	for (const { name } of removed) findings.add("parameter-removed", { ...subject, part: name });
	for (const { name } of added) findings.add("parameter-added", { ...subject, part: name });
	for (const [was, is] of renamed) findings.add("parameter-renamed", { ...subject, before: was.name, after: is.name });
	for (const [was, is] of [...kept, ...renamed]) {
		const relation = pairing.relate(was.type, is.type);
		const types = { part: is.name, before: typeText(was.type), after: typeText(is.type) };
		if (relation === "changed") findings.add("parameter-type-changed", { ...subject, ...types });
		if (relation === "renamed") findings.add("named-type-changed", { ...subject, ...types });
	}
	const moved = kept.find(([{ name }]) => placesBefore.get(name) !== placesAfter.get(name));
	if (moved !== undefined) findings.add("parameter-moved", { ...subject, part: moved[1].name });
}

function shown(type: TypeNode | undefined): string {
	return type === undefined ? "nothing" : `\`${typeText(type)}\``;
}
