/**
 * The vocabulary of JSON Schema, as data. The names are those of draft 2020-12.
 *
 * @see https://json-schema.org/draft/2020-12/json-schema-core
 * @see https://json-schema.org/draft/2020-12/json-schema-validation
 */
import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";

export type TypeName = "string" | "number" | "integer" | "boolean" | "null" | "array" | "object";

export const TYPES: readonly TypeName[] = ["string", "number", "integer", "boolean", "null", "array", "object"];

const OF_STRINGS = ["minLength", "maxLength", "pattern", "format"];
const OF_NUMBERS = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const OF_ARRAYS = [
	"items",
	"prefixItems",
	"minItems",
	"maxItems",
	"uniqueItems",
	"contains",
	"minContains",
	"maxContains",
	"unevaluatedItems",
];
const OF_OBJECTS = [
	"properties",
	"required",
	"additionalProperties",
	"patternProperties",
	"minProperties",
	"maxProperties",
	"propertyNames",
	"dependentRequired",
	"dependentSchemas",
	"unevaluatedProperties",
];

/** Keywords that restrict values of one type only, with that type. `number` includes integers. */
export const TYPE_OF_KEYWORD: ReadonlyMap<string, TypeName> = new Map([
	...OF_STRINGS.map((keyword) => [keyword, "string"] as const),
	...OF_NUMBERS.map((keyword) => [keyword, "number"] as const),
	...OF_ARRAYS.map((keyword) => [keyword, "array"] as const),
	...OF_OBJECTS.map((keyword) => [keyword, "object"] as const),
]);

/** Keywords that restrict values. All others are annotations. */
export const RESTRICTIONS: ReadonlySet<string> = new Set([
	...TYPE_OF_KEYWORD.keys(),
	...["type", "const", "enum", "anyOf", "oneOf", "allOf", "not", "if", "then", "else", "$ref", "$dynamicRef", "$recursiveRef"],
]);

/** Keywords whose value is a schema. */
export const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([
	...["items", "contains", "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties"],
	...["not", "if", "then", "else"],
]);

/** Keywords whose value is a list of schemas. */
export const LIST_KEYWORDS: ReadonlySet<string> = new Set(["anyOf", "oneOf", "allOf", "prefixItems"]);

/** Keywords whose value is an object of schemas. */
export const MAP_KEYWORDS: ReadonlySet<string> = new Set(["properties", "patternProperties", "dependentSchemas", "$defs", "definitions"]);

/** Annotations that tell the model something. Such annotations move into the description of a dialect that lacks them. */
export const TELLING_ANNOTATIONS: ReadonlySet<string> = new Set(["default", "examples"]);

/** Returns the value of a member of its own, never one that each object inherits. */
export function own(object: JsonObject, name: string): JsonValue | undefined {
	return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Returns true for a keyword whose value allows everything, such as `minItems: 0`. */
export function isNeutral(keyword: string, value: JsonValue): boolean {
	switch (keyword) {
		case "minLength":
		case "minItems":
		case "minProperties":
			return value === 0;
		case "uniqueItems":
			return value === false;
		case "required":
			return Array.isArray(value) && value.length === 0;
		case "properties":
		case "patternProperties":
		case "dependentRequired":
		case "dependentSchemas":
			return isSchemaObject(value) && Object.keys(value).length === 0;
		default:
			return SCHEMA_KEYWORDS.has(keyword) && keyword !== "not" && keyword !== "if" && isAnything(value);
	}
}

/** Returns true for the schemas `true` and `{}`. */
export function isAnything(value: JsonValue | undefined): boolean {
	return value === true || (isSchemaObject(value) && Object.keys(value).length === 0);
}

export function isSchemaObject(value: JsonValue | undefined): value is JsonObject {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isTypeName(value: JsonValue | undefined): value is TypeName {
	return TYPES.some((type) => type === value);
}

/** Returns the types that a schema names, or `undefined` if it names none. */
export function typesOf(schema: JsonObject): readonly TypeName[] | undefined {
	const type = own(schema, "type");
	if (type === undefined) return undefined;
	return (Array.isArray(type) ? type : [type]).filter(isTypeName);
}

/** Returns true if a keyword restricts values of this type. */
export function concerns(keyword: string, type: TypeName): boolean {
	const of = TYPE_OF_KEYWORD.get(keyword);
	return of === undefined || of === (type === "integer" ? "number" : type);
}
