/**
 * Additions of the doc tags to the WIT model: families, operations, payloads, features. Built once by `build-abi.ts`
 * from a `Model`, read by the emitters beside the model.
 *
 * The tags, and where each may stand:
 *
 * | tag | on | means |
 * | --- | --- | --- |
 * | `@operation name` | interface | the interface is a family and this is its one operation (snake_case) |
 * | `@payload`, `@result` | record | all that one request, one answer of the operation carries |
 * | `@atomic` | record, variant | its parts are no fields of a request of their own: a backend treats the value as a whole |
 * | `@stream event` | resource | a stream of that variant, read with `next`, `try-next`, `subscribe` |
 * | `@session event` | resource | the same, with input too: a bidirectional session |
 * | `@readiness` | resource, one a package | something to wait for: the host represents it by the neutral type `Readiness` and implements its methods itself |
 * | `@blocking` | function | may suspend the guest until the host answers |
 * | `@feature name` | field, case | its presence demands the feature of a backend |
 * | `@default value` | field | what the host assumes when it is absent |
 * | `@default []` | field of type `option<list<…>>` | left out means empty: the Canonical IR always has the list |
 * | `@integer` | field of type `f32` or `f64` | holds whole numbers only: a range wider than 32 bits, without 64-bit integers |
 * | `@range min..max`, `@min-items n`, `@max-items n`, `@pattern re` | field | constraint in the JSON Schema; either bound may be left out |
 * | `@replaced-by name` | deprecated interface, resource or function | what guests use instead: `complete`, `session.send`, or with the interface before it |
 * | `@json any`, `@json object` | alias of `string` | the string is JSON text; the IR holds the parsed value |
 */
import type { AliasDef, Field, Func, Interface, Model, RecordDef, ResourceDef, TypeDef, TypeRef, VariantDef } from "./model.ts";

export interface Abi {
	readonly model: Model;
	/** Interfaces of the main package in order of file name: every one, operations or not. */
	readonly interfaces: readonly AbiInterface[];
	/** The interfaces with an operation, in the same order. */
	readonly families: readonly Family[];
	/** Names of all features mentioned by a `@feature` tag, sorted by code units. */
	readonly features: readonly string[];
}

export interface AbiInterface {
	readonly interface: Interface;
	/** `spear:ai/cchat@0.1.0` */
	readonly importName: string;
	readonly family?: Family;
	/** Resources tagged `@stream` or `@session`. */
	readonly streams: readonly StreamResource[];
}

export interface Family {
	/** Interface name, e.g. `cchat`. */
	readonly name: string;
	readonly interface: Interface;
	/** e.g. `chat_completions` */
	readonly operation: string;
	readonly payload: RecordDef;
	readonly result: RecordDef;
	/** Events of the operation's stream or session, when it has one. */
	readonly event?: VariantDef;
	/** In the order of `TRANSPORTS`. */
	readonly transports: readonly TransportName[];
	/** Features reachable from the payload, sorted by code units. */
	readonly features: readonly string[];
}

export const TRANSPORTS = ["unary", "server_stream", "bidi_stream"] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export interface StreamResource {
	readonly kind: "stream" | "session";
	readonly resource: ResourceDef;
	readonly event: VariantDef;
}

/** The parsed `@json` tag of an alias, if it has one. */
export type JsonKind = "any" | "object";

export interface Constraints {
	readonly minimum?: number;
	readonly maximum?: number;
	/** Only ever true: a floating-point field that holds whole numbers. */
	readonly integer?: boolean;
	readonly minItems?: number;
	readonly maxItems?: number;
	readonly pattern?: string;
	/** As written; its meaning depends on the field's type. */
	readonly default?: string;
}

/** First value of a tag on an item, or undefined. */
export function tagValue(
	item: { readonly docs: { readonly tags: readonly { name: string; value: string }[] } },
	name: string,
): string | undefined {
	return item.docs.tags.find((tag) => tag.name === name)?.value;
}

export function hasTag(item: { readonly docs: { readonly tags: readonly { name: string }[] } }, name: string): boolean {
	return item.docs.tags.some((tag) => tag.name === name);
}

/** True if a function may suspend the guest, so that its import must be an asynchronous one. */
export function isBlocking(func: Func): boolean {
	return hasTag(func, "blocking") || func.async;
}

/** True for a resource that the host represents by the neutral type `Readiness` instead of an object of its own. */
export function isReadiness(def: ResourceDef): boolean {
	return hasTag(def, "readiness");
}

/** The ABI's one error record: `error` of interface `types`. */
export function errorRecord(abi: Abi): RecordDef | undefined {
	const types = abi.interfaces.find((entry) => entry.interface.name === "types");
	const def = types?.interface.types.find((candidate) => candidate.name === "error");
	return def?.kind === "record" ? def : undefined;
}

export function jsonKind(alias: AliasDef): JsonKind | undefined {
	const value = tagValue(alias, "json");
	return value === "any" || value === "object" ? value : undefined;
}

/** Features whose demand is tied to the presence of this field or case. */
export function featuresOf(member: Field | { readonly docs: Field["docs"] }): string[] {
	return member.docs.tags.filter((tag) => tag.name === "feature").map((tag) => tag.value);
}

/** The constraint tags of a field. Malformed ones were reported by the linter and are left out here. */
export function constraintsOf(field: Field): Constraints {
	const range = /^(-?\d+(?:\.\d+)?)?\.\.(-?\d+(?:\.\d+)?)?$/.exec(tagValue(field, "range") ?? "");
	const count = (name: string): number | undefined => {
		const value = tagValue(field, name);
		return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
	};
	const entries: [keyof Constraints, number | string | boolean | undefined][] = [
		["minimum", range?.[1] === undefined ? undefined : Number(range[1])],
		["maximum", range?.[2] === undefined ? undefined : Number(range[2])],
		["integer", hasTag(field, "integer") ? true : undefined],
		["minItems", count("min-items")],
		["maxItems", count("max-items")],
		["pattern", tagValue(field, "pattern")],
		["default", tagValue(field, "default")],
	];
	return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** A list that a guest may leave out and that the Canonical IR always has: `option<list<…>>` tagged `@default []`. */
export function isDefaultedList(field: Field): boolean {
	return field.type.kind === "option" && isList(field.type.some) && tagValue(field, "default") === "[]";
}

/** True if a field's member may be missing in the Canonical IR. */
export function isOptionalField(field: Field): boolean {
	return field.type.kind === "option" && !isDefaultedList(field);
}

function isList(type: TypeRef): boolean {
	return (type.kind === "named" ? resolveAlias(type.def) : type).kind === "list";
}

/** Follows aliases down to what they stand for. */
export function resolveAlias(def: TypeDef): TypeDef | AliasDef["type"] {
	let current: TypeDef = def;
	for (;;) {
		if (current.kind !== "alias") return current;
		if (current.type.kind !== "named") return current.type;
		current = current.type.def;
	}
}
