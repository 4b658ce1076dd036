import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { isSchemaObject, own } from "./keywords.ts";

/** Keywords that exist only in earlier drafts of JSON Schema or in OpenAPI 3.0, or have another form there. */
const EARLIER = ["nullable", "exclusiveMinimum", "exclusiveMaximum", "items", "additionalItems", "dependencies"];

/**
 * Returns a schema in the form of draft 2020-12: tuples as `prefixItems`, exclusive bounds as numbers, `dependencies` by their kind, and
 * `nullable` of OpenAPI 3.0 as a type. Returns the same object if nothing changes.
 *
 * @see https://json-schema.org/draft/2020-12/release-notes
 */
export function normalize(schema: JsonObject): JsonObject {
	if (!EARLIER.some((keyword) => Object.hasOwn(schema, keyword))) return schema;
	return dependencies(tuple(exclusive(exclusive(nullable(schema), "exclusiveMinimum", "minimum"), "exclusiveMaximum", "maximum")));
}

/** Returns a copy without some keywords, and with others. */
export function replace(schema: JsonObject, without: readonly string[], more: JsonObject = {}): JsonObject {
	return { ...Object.fromEntries(Object.entries(schema).filter(([keyword]) => !without.includes(keyword))), ...more };
}

function nullable(schema: JsonObject): JsonObject {
	const type = own(schema, "type");
	if (own(schema, "nullable") !== true || type === undefined) return schema;
	const types = Array.isArray(type) ? type : [type];
	return replace(schema, ["nullable"], { type: types.includes("null") ? types : [...types, "null"] });
}

function exclusive(schema: JsonObject, keyword: string, bound: string): JsonObject {
	const value = own(schema, keyword);
	if (typeof value !== "boolean") return schema;
	const limit = own(schema, bound);
	return value && limit !== undefined ? replace(schema, [keyword, bound], { [keyword]: limit }) : replace(schema, [keyword]);
}

function tuple(schema: JsonObject): JsonObject {
	const items = own(schema, "items");
	const rest = own(schema, "additionalItems");
	if (!Array.isArray(items)) return rest === undefined ? schema : replace(schema, ["additionalItems"]);
	// An empty tuple has no place for a schema, and draft 2020-12 refuses an empty `prefixItems`.
	const places: JsonObject = items.length === 0 ? {} : { prefixItems: items };
	return replace(schema, ["items", "additionalItems"], { ...places, ...(rest === undefined ? {} : { items: rest }) });
}

function dependencies(schema: JsonObject): JsonObject {
	const value = own(schema, "dependencies");
	if (!isSchemaObject(value)) return schema;
	const isList = ([, dependent]: [string, JsonValue]): boolean => Array.isArray(dependent);
	const entries = Object.entries(value);
	const required = entries.filter(isList);
	const schemas = entries.filter((entry) => !isList(entry));
	return replace(schema, ["dependencies"], {
		...(required.length === 0 ? {} : { dependentRequired: Object.fromEntries(required) }),
		...(schemas.length === 0 ? {} : { dependentSchemas: Object.fromEntries(schemas) }),
	});
}
