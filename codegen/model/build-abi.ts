/**
 * Reads the structured doc tags of the main package into an `Abi`. Whether each tag may stand where it stands is the
 * linter's business (`lint/`); here only what the emitters need is gathered, and what they cannot do without is reported.
 */
import type { DiagnosticCode } from "../diagnostics/codes.ts";
import type { Abi, AbiInterface, Family, StreamResource, TransportName } from "./abi.ts";
import { featuresOf, hasTag, TRANSPORTS, tagValue } from "./abi.ts";
import type { Func, Interface, Model, PackageId, RecordDef, Span, TypeDef, TypeRef, VariantDef } from "./model.ts";

/** Called with each fault found; the span is where it is. */
export type Report = (fault: {
	readonly code: DiagnosticCode;
	readonly message: string;
	readonly span: Span;
	readonly help?: string;
}) => void;

export function buildAbi(model: Model, report: Report): Abi {
	const interfaces = model.main.interfaces.map((iface) => buildInterface(iface, report));
	const families = interfaces.flatMap((entry) => (entry.family ? [entry.family] : []));
	reportDuplicateOperations(families, report);
	const features = new Set<string>();
	for (const entry of interfaces) {
		for (const def of entry.interface.types) for (const name of ownFeatures(def)) features.add(name);
	}
	return { model, interfaces, families, features: sorted(features) };
}

/** `spear:ai/cchat@0.1.0`, the name a component imports an interface by. */
export function importName(id: PackageId, iface: string): string {
	return `${id.namespace}:${id.name}/${iface}${id.version === undefined ? "" : `@${id.version}`}`;
}

function buildInterface(iface: Interface, report: Report): AbiInterface {
	const streams = iface.types.flatMap((def) => streamOf(def, iface, report));
	const family = buildFamily(iface, streams, report);
	return {
		interface: iface,
		importName: importName(iface.package, iface.name),
		streams,
		...(family === undefined ? {} : { family }),
	};
}

function buildFamily(iface: Interface, streams: readonly StreamResource[], report: Report): Family | undefined {
	const operation = tagValue(iface, "operation");
	if (operation === undefined) return undefined;
	const payload = taggedRecord(iface, "payload", report);
	const result = taggedRecord(iface, "result", report);
	if (payload === undefined || result === undefined) return undefined;
	const event = streams[0]?.event;
	return {
		name: iface.name,
		interface: iface,
		operation,
		payload,
		result,
		...(event === undefined ? {} : { event }),
		transports: transportsOf(iface, streams),
		features: sorted(reachableFeatures(payload)),
	};
}

function taggedRecord(iface: Interface, tag: string, report: Report): RecordDef | undefined {
	const tagged = iface.types.filter((def) => hasTag(def, tag));
	const [first, second] = tagged;
	if (second !== undefined) {
		report({
			code: "several-tagged-records",
			message: `interface '${iface.name}' has more than one record tagged @${tag}`,
			span: second.span,
			help: "a family has exactly one payload and one result; gather the variants of a request in one record",
		});
	}
	if (first === undefined) {
		report({
			code: "missing-tagged-record",
			message: `interface '${iface.name}' is tagged @operation but has no record tagged @${tag}`,
			span: iface.span,
			help: `tag the record that holds everything one ${tag === "payload" ? "request" : "answer"} carries with @${tag}`,
		});
		return undefined;
	}
	if (first.kind !== "record") {
		report({
			code: "misplaced-doc-tag",
			message: `@${tag} stands on ${first.kind} '${first.name}'; it may only stand on a record`,
			span: first.span,
		});
		return undefined;
	}
	return first;
}

function streamOf(def: TypeDef, iface: Interface, report: Report): StreamResource[] {
	for (const kind of ["stream", "session"] as const) {
		const value = tagValue(def, kind);
		if (value === undefined) continue;
		const event = iface.types.find((candidate) => candidate.name === value);
		if (def.kind !== "resource") {
			report({
				code: "misplaced-doc-tag",
				message: `@${kind} stands on ${def.kind} '${def.name}'; it may only stand on a resource`,
				span: def.span,
			});
		} else if (event?.kind !== "variant") {
			report({
				code: "unknown-event",
				message: `@${kind} names '${value}', which is not a variant of interface '${iface.name}'`,
				span: def.docs.tags.find((tag) => tag.name === kind)?.span ?? def.span,
			});
		} else {
			return [{ kind, resource: def, event }];
		}
	}
	return [];
}

/** A family offers `unary` when a function gives its result, a stream shape when one gives that resource. */
function transportsOf(iface: Interface, streams: readonly StreamResource[]): TransportName[] {
	const found = new Set<TransportName>();
	for (const stream of streams) found.add(stream.kind === "stream" ? "server_stream" : "bidi_stream");
	if (allFunctions(iface).some((func) => givesResult(func))) found.add("unary");
	return TRANSPORTS.filter((name) => found.has(name));
}

function givesResult(func: Func): boolean {
	const ok = func.result?.kind === "result" ? func.result.ok : func.result;
	return ok?.kind === "named" && hasTag(ok.def, "result");
}

/** Freestanding functions, then those of each resource, in order of declaration. */
export function allFunctions(iface: Interface): Func[] {
	return [...iface.functions, ...iface.types.flatMap((def) => (def.kind === "resource" ? def.functions : []))];
}

function reportDuplicateOperations(families: readonly Family[], report: Report): void {
	const seen = new Map<string, Family>();
	for (const family of families) {
		const first = seen.get(family.operation);
		if (first !== undefined) {
			report({
				code: "duplicate-operation",
				message: `operation '${family.operation}' of interface '${family.name}' is already that of '${first.name}'`,
				span: family.interface.span,
			});
		}
		seen.set(family.operation, family);
	}
}

function ownFeatures(def: TypeDef): string[] {
	if (def.kind === "record") return def.fields.flatMap(featuresOf);
	if (def.kind === "variant") return def.cases.flatMap(featuresOf);
	return [];
}

function reachableFeatures(root: RecordDef | VariantDef): Set<string> {
	const features = new Set<string>();
	const reached = new Set<TypeDef>([root]);
	// A set is walked in the order in which it grows.
	for (const def of reached) {
		for (const name of ownFeatures(def)) features.add(name);
		for (const type of references(def)) if (type.kind === "named") reached.add(type.def);
	}
	return features;
}

/** All types written in a definition, those inside type arguments too. A resource has none: its functions are no part of its values. */
export function references(def: TypeDef): TypeRef[] {
	switch (def.kind) {
		case "alias":
			return withArguments(def.type);
		case "record":
			return def.fields.flatMap((field) => withArguments(field.type));
		case "variant":
			return def.cases.flatMap((each) => (each.type === undefined ? [] : withArguments(each.type)));
		default:
			return [];
	}
}

/** A type and the types in its arguments, whose depth the reader bounds. */
export function withArguments(type: TypeRef): TypeRef[] {
	return [type, ...childTypes(type).flatMap(withArguments)];
}

/** The type references directly inside one. */
export function childTypes(type: TypeRef): TypeRef[] {
	switch (type.kind) {
		case "list":
			return [type.element];
		case "map":
			return [type.key, type.value];
		case "option":
			return [type.some];
		case "result":
			return [type.ok, type.err].filter((child) => child !== undefined);
		case "tuple":
			return [...type.items];
		case "stream":
		case "future":
			return type.element === undefined ? [] : [type.element];
		default:
			return [];
	}
}

/** The resource handles anywhere in a type. */
export function handlesIn(type: TypeRef | undefined): Extract<TypeRef, { kind: "handle" }>[] {
	return type === undefined ? [] : withArguments(type).filter((each) => each.kind === "handle");
}

/** Sorted by code units: the same on every machine and in every locale. */
export function sorted(names: Iterable<string>): string[] {
	return [...names].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
