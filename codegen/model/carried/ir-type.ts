/** Type references as TypeScript text, in the shape of the Canonical IR. */

import { type JsonKind, jsonKind } from "../abi.ts";
import type { PrimitiveName, TypeRef } from "../model.ts";
import { type DataDef, UnsupportedType } from "./data-types.ts";
import { isNestedOption } from "./wit-type.ts";

/**
 * The two forms of a value in the Canonical IR.
 *
 * - `wire`: as serialised. Bytes are base64, vectors arrays of numbers, 64-bit integers decimal text.
 * - `memory`: as plain objects inside one process. Bytes are `Uint8Array`, vectors `Float32Array`.
 */
export type IrForm = "wire" | "memory";

/** Names of the types that the printed file refers to. Asking for a name imports it. */
export interface IrScope {
	/** `memory` when absent. */
	readonly form?: IrForm;
	/** E.g. `Message` or `types.Usage`. */
	named(def: DataDef): string;
}

/** The TypeScript type of a value in IR shape. */
export function irType(type: TypeRef, scope: IrScope): string {
	switch (type.kind) {
		case "primitive":
			return irPrimitive(type.name, type, scope.form);
		case "list":
			return vectorText(type, scope.form) ?? `${irElement(type.element, scope)}[]`;
		case "map":
			requireStringKey(type);
			return `{ [key: string]: ${irType(type.value, scope)} }`;
		case "option":
			// Two absences within one another have to stay apart.
			return isNestedOption(type) ? `{ some: ${irType(type.some, scope)} } | null` : `${irElement(type.some, scope, false)} | null`;
		case "result":
			return `{ ok: ${irOptional(type.ok, scope)} } | { err: ${irOptional(type.err, scope)} }`;
		case "tuple":
			return `[${type.items.map((item) => irType(item, scope)).join(", ")}]`;
		case "named":
			return scope.named(type.def);
		default:
			throw new UnsupportedType(`a ${type.kind} cannot be part of a value of the Canonical IR`, type.span);
	}
}

function vectorText(type: TypeRef, form: IrForm = "memory"): string | undefined {
	const vector = irVector(type);
	if (form === "memory") return vector;
	return vector === "Uint8Array" ? "string" : vector && "number[]";
}

/** The class of the lists that are typed arrays in the IR, or undefined for all others. */
export function irVector(type: TypeRef): "Uint8Array" | "Float32Array" | undefined {
	if (type.kind !== "list" || type.element.kind !== "primitive") return undefined;
	if (type.element.name === "u8") return "Uint8Array";
	return type.element.name === "f32" ? "Float32Array" : undefined;
}

/** The target of a reference once aliases are followed; an alias for JSON text stays as it is. */
export function withoutAliases(type: TypeRef): TypeRef {
	let current = type;
	while (current.kind === "named" && current.def.kind === "alias" && jsonKind(current.def) === undefined) current = current.def.type;
	return current;
}

/** The IR type of an alias tagged `@json`. */
export function jsonTypeName(kind: JsonKind): "JsonValue" | "JsonObject" {
	return kind === "object" ? "JsonObject" : "JsonValue";
}

/** The kind of JSON text that an alias stands for; undefined for any other type. */
export function jsonKindOf(type: TypeRef): JsonKind | undefined {
	return type.kind === "named" && type.def.kind === "alias" ? jsonKind(type.def) : undefined;
}

/** @throws UnsupportedType for a map whose keys JSON could not hold. */
export function requireStringKey(type: Extract<TypeRef, { kind: "map" }>): void {
	if (type.key.kind === "primitive" && type.key.name === "string") return;
	throw new UnsupportedType("a map in a value of the Canonical IR must have keys of type `string`", type.span);
}

function irPrimitive(name: PrimitiveName, type: TypeRef, form?: IrForm): string {
	if (name === "bool") return "boolean";
	if (name === "string" || name === "char") return "string";
	if (name === "u64" || name === "s64") return form === "wire" ? `\`\${bigint}\`` : "bigint";
	if (name === "error-context") throw new UnsupportedType("an error-context cannot be part of a value of the Canonical IR", type.span);
	return "number";
}

function irOptional(type: TypeRef | undefined, scope: IrScope): string {
	return type === undefined ? "null" : irType(type, scope);
}

/** In parentheses where the type is a union, unless it stands in one. */
function irElement(type: TypeRef, scope: IrScope, parenthesize = true): string {
	const text = irType(type, scope);
	return parenthesize && (type.kind === "option" || type.kind === "result") ? `(${text})` : text;
}
