import type { JsonObject } from "../../../../generated/ir/json.ts";
import type { SchemaDialect } from "./dialect.ts";
import { own } from "./keywords.ts";
import { replace } from "./normalize.ts";

/**
 * Returns the schema of an integer with whole, inclusive bounds, if the dialect has only these. Returns the same object if nothing
 * changes.
 */
export function withIntegers(dialect: SchemaDialect, schema: JsonObject): JsonObject {
	const { keywords, otherKeywords } = dialect;
	if (own(schema, "type") !== "integer" || otherKeywords === "keep" || keywords.has("exclusiveMinimum") || !keywords.has("minimum"))
		return schema;
	const numberOf = (keyword: string, fallback: number): number => {
		const value = own(schema, keyword);
		return typeof value === "number" ? value : fallback;
	};
	const least = Math.max(
		Math.ceil(numberOf("minimum", Number.NEGATIVE_INFINITY)),
		Math.floor(numberOf("exclusiveMinimum", Number.NEGATIVE_INFINITY)) + 1,
	);
	const most = Math.min(
		Math.floor(numberOf("maximum", Number.POSITIVE_INFINITY)),
		Math.ceil(numberOf("exclusiveMaximum", Number.POSITIVE_INFINITY)) - 1,
	);
	const bounds: JsonObject = { ...(Number.isFinite(least) ? { minimum: least } : {}), ...(Number.isFinite(most) ? { maximum: most } : {}) };
	const isSame = own(schema, "minimum") === bounds.minimum && own(schema, "maximum") === bounds.maximum;
	const hasExclusive = Object.hasOwn(schema, "exclusiveMinimum") || Object.hasOwn(schema, "exclusiveMaximum");
	return isSame && !hasExclusive ? schema : replace(schema, ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"], bounds);
}
