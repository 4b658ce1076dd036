/** Type references as TypeScript text, in the shape that transpiled components pass values in. */
import type { PrimitiveName, ResourceDef, TypeRef } from "../model.ts";
import { type DataDef, UnsupportedType } from "./data-types.ts";

/** Names of the types that the printed file refers to. Asking for a name imports it. */
export interface WitScope {
	/** E.g. `Message` or `types.Usage`. */
	named(def: DataDef): string;
	/** The type of the host's object of a handle. Absent: a handle is no part of a value. */
	handle?(def: ResourceDef): string;
	/** True if streams, futures and error contexts have a type, as in the official mapping. Otherwise such a type is a fault. */
	readonly allowsAsync?: true;
}

/** The TypeScript type of a value in WIT shape. */
export function witType(type: TypeRef, scope: WitScope): string {
	switch (type.kind) {
		case "primitive":
			return type.name === "error-context" && scope.allowsAsync === true ? "unknown" : witPrimitive(type.name, type);
		case "list":
			return typedArray(type) ?? `${witElement(type.element, scope)}[]`;
		case "map":
			return `Map<${witType(type.key, scope)}, ${witType(type.value, scope)}>`;
		case "option":
			return isNestedOption(type)
				? `{ tag: "none"; val?: undefined } | { tag: "some"; val: ${witType(type.some, scope)} }`
				: `${witElement(type.some, scope, false)} | undefined`;
		case "result":
			return `{ tag: "ok"; val: ${witOptional(type.ok, scope)} } | { tag: "err"; val: ${witOptional(type.err, scope)} }`;
		case "tuple":
			return `[${type.items.map((item) => witType(item, scope)).join(", ")}]`;
		case "named":
			return scope.named(type.def);
		default:
			if (type.kind === "handle" && scope.handle !== undefined) return scope.handle(type.def);
			if (scope.allowsAsync === true && (type.kind === "stream" || type.kind === "future"))
				return `${type.kind === "stream" ? "AsyncIterable" : "PromiseLike"}<${type.element === undefined ? "void" : witType(type.element, scope)}>`;
			throw new UnsupportedType(`a ${type.kind} has no shape as a plain value`, type.span);
	}
}

/** True if an option's payload is itself an option: only such an option is passed with a tag. */
export function isNestedOption(type: Extract<TypeRef, { kind: "option" }>): boolean {
	return aliased(type.some).kind === "option";
}

function aliased(type: TypeRef): TypeRef {
	let target = type;
	while (target.kind === "named" && target.def.kind === "alias") target = target.def.type;
	return target;
}

const TYPED_ARRAYS: { readonly [name in PrimitiveName]?: string } = {
	u8: "Uint8Array",
	u16: "Uint16Array",
	u32: "Uint32Array",
	u64: "BigUint64Array",
	s8: "Int8Array",
	s16: "Int16Array",
	s32: "Int32Array",
	s64: "BigInt64Array",
	f32: "Float32Array",
	f64: "Float64Array",
};

/** The class of a list of numbers, or undefined for all other types. An alias of a number is that number to components. */
export function typedArray(type: TypeRef): string | undefined {
	if (type.kind !== "list") return undefined;
	const element = aliased(type.element);
	return element.kind === "primitive" ? TYPED_ARRAYS[element.name] : undefined;
}

function witPrimitive(name: PrimitiveName, type: TypeRef): string {
	if (name === "bool") return "boolean";
	if (name === "string" || name === "char") return "string";
	if (name === "u64" || name === "s64") return "bigint";
	if (name === "error-context") throw new UnsupportedType("an error-context has no shape as a plain value", type.span);
	return "number";
}

function witOptional(type: TypeRef | undefined, scope: WitScope): string {
	return type === undefined ? "undefined" : witType(type, scope);
}

/** In parentheses where the type is a union, unless it stands in one. */
function witElement(type: TypeRef, scope: WitScope, parenthesize = true): string {
	const text = witType(type, scope);
	return parenthesize && (type.kind === "option" || type.kind === "result") ? `(${text})` : text;
}
