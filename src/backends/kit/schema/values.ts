import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import type { ValueKind } from "./dialect.ts";
import { own, type TypeName, typesOf } from "./keywords.ts";

/** Returns the values that `enum` and `const` allow, or `undefined` for a schema without both. */
export function valuesOf(schema: JsonObject): readonly JsonValue[] | undefined {
	const listed = own(schema, "enum");
	const only = own(schema, "const");
	const values = Array.isArray(listed) ? listed : undefined;
	if (only === undefined) return values;
	const text = equalText(only);
	return values === undefined || values.some((value) => equalText(value) === text) ? [only] : [];
}

export function kindOf(value: JsonValue): ValueKind {
	if (value === null) return "null";
	if (typeof value === "string") return "string";
	if (typeof value === "number") return "number";
	return typeof value === "boolean" ? "boolean" : "complex";
}

/** Returns the type of a value. */
export function typeOfValue(value: JsonValue): TypeName {
	if (value === null) return "null";
	if (Array.isArray(value)) return "array";
	if (typeof value === "object") return "object";
	if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
	return typeof value === "string" ? "string" : "boolean";
}

/** Returns the values that the types of a schema allow. */
export function valuesOfTypes(values: readonly JsonValue[], schema: JsonObject): readonly JsonValue[] {
	const types = typesOf(schema);
	if (types === undefined) return values;
	return values.filter((value) => {
		const type = typeOfValue(value);
		return types.includes(type) || (type === "integer" && types.includes("number"));
	});
}

/** Returns a text that is equal for equal values, whatever the order of their members. */
export function equalText(value: JsonValue): string {
	if (typeof value !== "object") return JSON.stringify(value);
	return JSON.stringify(value, (_, member: JsonValue) =>
		typeof member === "object" && member !== null && !Array.isArray(member)
			? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
			: member,
	);
}
