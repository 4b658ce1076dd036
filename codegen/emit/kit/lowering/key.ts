/** Type keys: texts that are equal for types of equal structure. */
import { hasTag } from "../../../model/abi.ts";
import type { Func, ResourceDef, TypeRef } from "../../../model/model.ts";
import { type PlainDef, resolved } from "./layout.ts";

/** Text that stands for a named type inside the key of another. */
export type DefinitionKey = (def: PlainDef) => string;

/** Text that stands for a resource inside a key. */
export type ResourceKey = (def: ResourceDef) => string;

export function functionKey(func: Func, definition: DefinitionKey, resource: ResourceKey = qualifiedName): string {
	const params = allParams(func).map(({ name, type }) => `${name}:${typeKey(type, definition, resource)}`);
	const result = resultOf(func);
	return `(${params.join(",")})${result === undefined ? "" : `->${typeKey(result, definition, resource)}`}`;
}

/** The result with that of a constructor, which WIT leaves out: a handle of the resource. */
export function resultOf({ kind, result, resource, span }: Func): TypeRef | undefined {
	if (kind !== "constructor" || result !== undefined || resource === undefined) return result;
	return { kind: "handle", mode: "own", def: resource, span };
}

/** The parameters with the implicit `self` of a method. */
export function allParams({ kind, params, resource, span }: Func): readonly { readonly name: string; readonly type: TypeRef }[] {
	if (kind !== "method" || resource === undefined) return params;
	return [{ name: "self", type: { kind: "handle", mode: "borrow", def: resource, span } }, ...params];
}

export function typeKey(type: TypeRef, definition: DefinitionKey, resource: ResourceKey = qualifiedName): string {
	const key = (inner: TypeRef | undefined): string => (inner === undefined ? "_" : typeKey(inner, definition, resource));
	const target = resolved(type);
	switch (target.kind) {
		case "primitive":
			return target.name;
		case "list":
			return `list<${key(target.element)}>`;
		case "option":
			return `option<${key(target.some)}>`;
		case "result":
			return `result<${key(target.ok)},${key(target.err)}>`;
		case "tuple":
			return `tuple<${target.items.map(key).join(",")}>`;
		case "handle":
			return `${target.mode}<${resource(target.def)}>`;
		case "named":
			return definition(target.def);
		default:
			return target.kind;
	}
}

/** The key of a named type, written out one level deep. */
export function definitionKey(def: PlainDef, definition: DefinitionKey, resource: ResourceKey = qualifiedName): string {
	switch (def.kind) {
		case "record":
			return `record{${def.fields.map(({ name, type }) => `${name}:${typeKey(type, definition, resource)}`).join(",")}}`;
		case "variant":
			return `variant{${def.cases.map(({ name, type }) => (type === undefined ? name : `${name}:${typeKey(type, definition, resource)}`)).join(",")}}`;
		case "enum":
			return `enum{${def.cases.map(({ name }) => name).join(",")}}`;
		case "flags":
			return `flags{${def.flags.map(({ name }) => name).join(",")}}`;
	}
}

/** `spear:ai/cchat`: the interface that declares a type, without its version. */
export function interfaceOf({ owner }: { readonly owner: ResourceDef["owner"] }): string {
	return `${owner.package.namespace}:${owner.package.name}/${owner.name}`;
}

/** `spear:ai/cchat.session` */
function qualifiedName(def: ResourceDef): string {
	return `${interfaceOf(def)}.${def.name}`;
}

/** A text that is equal for equal types only, named ones by the place of their declaration. */
export function identity(type: TypeRef): string {
	const place = ({ name, span }: PlainDef | ResourceDef): string => `${span.file}:${span.offset}:${name}`;
	return typeKey(type, place, place);
}

/** A type as doc comments name it, e.g. `list<message>`. */
export function describe(type: TypeRef): string {
	return `\`${typeKey(type, (def) => def.name)}\``;
}

/** True if the guest waits for the answer of a function of the hostcalls. */
export function waits(func: Func): boolean {
	return hasTag(func, "blocking");
}

/** True if the function returns a result itself: with the official mapping such a function throws the error. */
export function throwsError(func: Func): boolean {
	return func.result !== undefined && resolved(func.result).kind === "result";
}
