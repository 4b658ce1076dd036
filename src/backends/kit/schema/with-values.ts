import type { JsonObject } from "../../../../generated/ir/json.ts";
import { describe } from "./describe.ts";
import { own } from "./keywords.ts";
import type { Lowering } from "./lowering.ts";
import { replace } from "./normalize.ts";
import type { SchemaPath } from "./path.ts";
import { kindOf, typeOfValue, valuesOf, valuesOfTypes } from "./values.ts";

/**
 * Returns a schema whose `enum` and `const` hold only values that the dialect allows there. Returns the same object if nothing changes.
 * Values of other kinds restrict the type alone.
 */
export function withValues(lowering: Lowering, schema: JsonObject, path: SchemaPath): JsonObject {
	const { dialect } = lowering;
	const found = valuesOf(schema);
	if (found === undefined) return schema;
	const allowed = valuesOfTypes(found, schema);
	if (allowed.length === 0) throw lowering.invalid(path, "no value is valid: enum, const and type exclude each other");
	if (dialect.values === undefined || allowed.every((value) => dialect.values?.has(kindOf(value)))) {
		if (dialect.consts || !Object.hasOwn(schema, "const")) return schema;
		return replace(schema, ["const", "enum"], { enum: [...allowed] });
	}
	const rest = replace(schema, ["enum", "const"]);
	const types = [...new Set(allowed.map(typeOfValue))];
	const [only] = types;
	const ofValues = types.length === 1 ? only : types;
	// Null has one value, and booleans have two: for them the type says everything.
	const isWhole = new Set(allowed).size === types.reduce((size, name) => size + (SIZES.get(name) ?? Number.POSITIVE_INFINITY), 0);
	// The types of the values replace those of the schema, which may be more.
	if (isWhole) return { ...rest, ...(ofValues === undefined ? {} : { type: ofValues }) };
	const type = own(schema, "type") ?? ofValues;
	lowering.downgrade(path, "wider", "enum moved into the description");
	const description = describe(own(schema, "description"), [["enum", [...allowed]]]);
	return { ...rest, ...(type === undefined ? {} : { type }), ...(description === undefined ? {} : { description }) };
}

const SIZES: ReadonlyMap<string, number> = new Map([
	["null", 1],
	["boolean", 2],
]);
