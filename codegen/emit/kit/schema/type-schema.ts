/** Type references as JSON Schema. Named types become `$ref`s, so recursion ends here. */

import { type DataDef, UnsupportedType } from "../../../model/carried/data-types.ts";
import type { IrForm } from "../../../model/carried/ir-type.ts";
import { irVector, requireStringKey } from "../../../model/carried/ir-type.ts";
import { isNestedOption } from "../../../model/carried/wit-type.ts";
import type { PrimitiveName, TypeRef } from "../../../model/model.ts";
import { typeName } from "../../../model/names/type-names.ts";
import { type JsonSchema, schemaFileName } from "./json-schema.ts";
import type { WideInteger } from "./wide-integers.ts";

export interface SchemaScope {
	/** Module whose schema is being built: references to its own types are local. */
	readonly module: string;
	readonly form: IrForm;
	/** Module of the schema that defines a type. */
	moduleOf(def: DataDef): string;
	/** Schema of a 64-bit integer. Absent: such integers are refused. */
	wide?(name: WideInteger): JsonSchema;
}

export function typeSchema(type: TypeRef, scope: SchemaScope): JsonSchema {
	switch (type.kind) {
		case "primitive":
			return primitiveSchema(type.name, type, scope);
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

function refTo(def: DataDef, scope: Pick<SchemaScope, "module" | "moduleOf">): string {
	const module = scope.moduleOf(def);
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

function primitiveSchema(name: PrimitiveName, type: TypeRef, { wide }: SchemaScope): JsonSchema {
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
			if (wide !== undefined) return wide(name);
			throw new UnsupportedType(`${name} cannot be part of a value of the Canonical IR`, type.span);
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
