import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import type { SchemaDialect } from "./dialect.ts";
import { concerns, isNeutral, RESTRICTIONS, TELLING_ANNOTATIONS, TYPE_OF_KEYWORD, typesOf } from "./keywords.ts";

/** Keywords that other members of a dialect speak of. Such keywords are always sent once these rules are applied. */
const RULED: ReadonlySet<string> = new Set([
	...["type", "enum", "const", "$ref", "anyOf", "oneOf", "allOf", "description", "properties", "required", "additionalProperties", "items"],
]);

/** Keywords that bound a length or a number. */
const COUNTS: ReadonlySet<string> = new Set(["minItems", "maxItems", "minProperties", "maxProperties", "minLength", "maxLength"]);

/**
 * Returns what becomes of a keyword in a dialect. A keyword that restricts nothing is dropped, if it cannot be kept. `lose` stands for a
 * keyword that restricts values and has no place in a description.
 */
export function fitOf(
	dialect: SchemaDialect,
	schema: JsonObject,
	keyword: string,
	value: JsonValue,
	isRoot: boolean,
): "keep" | "describe" | "drop" | "lose" {
	if (isRoot && dialect.root.only?.has(keyword) === false) return RESTRICTIONS.has(keyword) && !isNeutral(keyword, value) ? "lose" : "drop";
	if (dialect.references.form !== "untouched" && (keyword === "$defs" || keyword === "definitions")) return "drop";
	if (dialect.otherKeywords === "keep") return "keep";
	const types = TYPE_OF_KEYWORD.has(keyword) ? typesOf(schema) : undefined;
	if (types !== undefined && !types.some((type) => concerns(keyword, type))) return "drop";
	if (isAccepted(dialect, schema, keyword, value)) return "keep";
	if (TELLING_ANNOTATIONS.has(keyword)) return "describe";
	return !RESTRICTIONS.has(keyword) || isNeutral(keyword, value) ? "drop" : "describe";
}

function isAccepted(dialect: SchemaDialect, schema: JsonObject, keyword: string, value: JsonValue): boolean {
	if (RULED.has(keyword)) return true;
	if (!dialect.keywords.has(keyword)) return false;
	const only = dialect.onlyFor?.get(keyword);
	if (only !== undefined && typesOf(schema)?.some((type) => concerns(keyword, type) && !only.has(type)) !== false) return false;
	if (keyword === "format") return typeof value === "string" && dialect.formats?.has(value) !== false;
	if (keyword === "pattern") return typeof value === "string" && dialect.acceptsPattern?.(value) !== false;
	if (COUNTS.has(keyword) && typeof value === "number" && value > (dialect.maxCount ?? value)) return false;
	if (keyword === "minItems") return typeof value === "number" && value <= (dialect.maxMinItems ?? value);
	return true;
}
