/** Type references as JSON Schema. Named types become `$ref`s, so recursion ends here. */

import { type DataDef, moduleOf, UnsupportedType } from "../../../model/carried/data-types.ts";
import type { IrForm } from "../../../model/carried/ir-type.ts";
import { irVector, requireStringKey } from "../../../model/carried/ir-type.ts";
import { isNestedOption } from "../../../model/carried/wit-type.ts";
import type { Model, PrimitiveName, TypeRef } from "../../../model/model.ts";
import { typeName } from "../../../model/names/type-names.ts";
import { type JsonSchema, schemaFileName } from "./json-schema.ts";

export interface SchemaScope {
	readonly model: Model;
	/** Module whose schema is being built: references to its own types are local. */
	readonly module: string;
	readonly form: IrForm;
}

export function typeSchema(type: TypeRef, scope: SchemaScope): JsonSchema {
	switch (type.kind) {
		case "primitive":
			return primitiveSchema(type.name, type);
		case "list":
			return vectorSchema(type, scope.form) ?? { type: "array", items: typeSchema(type.element, scope), ...fixedLength(type.length) };
		case "map":
			requireStringKey(type);
			return { type: "object", additionalProperties: typeSchema(type.value, scope) };
		case "option":
			return { anyOf: [someSchema(type, scope), { type: "null" }] };
		case "result":
			return { oneOf: [outcomeSchema("ok", type.ok, scope), outcomeSchema("err", type.err, scope)] };
		case "tuple":
			return tupleSchema(type.items, scope);
		case "named":
			return { $ref: refTo(type.def, scope) };
		default:
			throw new UnsupportedType(`a ${type.kind} cannot be part of a value of the Canonical IR`, type.span);
	}
}

export function refTo(def: DataDef, scope: Pick<SchemaScope, "model" | "module">): string {
	const module = moduleOf(def, scope.model);
	return `${module === scope.module ? "" : schemaFileName(module)}#/$defs/${typeName(def)}`;
}

const INTEGER_BOUNDS = {
	u8: [0, 0xff],
	u16: [0, 0xffff],
	u32: [0, 0xffffffff],
	s8: [-0x80, 0x7f],
	s16: [-0x8000, 0x7fff],
	s32: [-0x80000000, 0x7fffffff],
} as const;

function primitiveSchema(name: PrimitiveName, type: TypeRef): JsonSchema {
	switch (name) {
		case "bool":
			return { type: "boolean" };
		case "string":
			return { type: "string" };
		case "char":
			return { type: "string", minLength: 1, maxLength: 1 };
		case "f32":
		case "f64":
			return { type: "number" };
		case "u64":
		case "s64":
		case "error-context":
			throw new UnsupportedType(`${name} cannot be part of a value of the Canonical IR`, type.span);
		default: {
			const [minimum, maximum] = INTEGER_BOUNDS[name];
			return { type: "integer", minimum, maximum };
		}
	}
}

function vectorSchema(type: TypeRef, form: IrForm): JsonSchema | undefined {
	const vector = irVector(type);
	if (vector === undefined) return undefined;
	if (form === "memory") return { instanceOf: vector };
	return vector === "Uint8Array"
		? { type: "string", contentEncoding: "base64", pattern: "^[A-Za-z0-9+/]*={0,2}$" }
		: { type: "array", items: { type: "number" } };
}

function fixedLength(length: number | undefined): JsonSchema {
	return length === undefined ? {} : { minItems: length, maxItems: length };
}

function tupleSchema(items: readonly TypeRef[], scope: SchemaScope): JsonSchema {
	return {
		type: "array",
		prefixItems: items.map((item) => typeSchema(item, scope)),
		items: false,
		minItems: items.length,
		maxItems: items.length,
	};
}

/** An option within an option is the member `some` of an object: otherwise the two absences would be one. */
function someSchema(type: Extract<TypeRef, { kind: "option" }>, scope: SchemaScope): JsonSchema {
	const some = typeSchema(type.some, scope);
	return isNestedOption(type) ? { type: "object", properties: { some }, required: ["some"], additionalProperties: false } : some;
}

function outcomeSchema(name: "ok" | "err", type: TypeRef | undefined, scope: SchemaScope): JsonSchema {
	const value: JsonSchema = type === undefined ? { type: "null" } : typeSchema(type, scope);
	return { type: "object", properties: { [name]: value }, required: [name], additionalProperties: false };
}
