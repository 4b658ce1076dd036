import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import type { SchemaBounds, SchemaDialect } from "./dialect.ts";
import { isSchemaObject, LIST_KEYWORDS, MAP_KEYWORDS, own, SCHEMA_KEYWORDS } from "./keywords.ts";
import { cannotExpress, type Lowering } from "./lowering.ts";
import { SchemaPath } from "./path.ts";

/** Sizes that count for all schemas of one request together. */
export interface SchemaTally {
	optionalProperties: number;
	unions: number;
}

export function emptyTally(): SchemaTally {
	return { optionalProperties: 0, unions: 0 };
}

interface Size extends SchemaTally {
	depth: number;
	properties: number;
	enumValues: number;
	characters: number;
	largestEnum: number;
}

/**
 * Checks a lowered schema against the bounds of its dialect. Returns the sizes that count for the whole request.
 *
 * @throws SchemaRefusal `missing_capabilities` for a schema beyond a bound.
 */
export function checkBounds(lowering: Lowering, schema: JsonObject): SchemaTally {
	const { bounds } = lowering.dialect;
	if (bounds === undefined) return emptyTally();
	const size = measure(schema, bounds);
	check(lowering.dialect, size.depth, bounds.depth, "levels of objects");
	check(lowering.dialect, size.properties, bounds.properties, "properties");
	check(lowering.dialect, size.enumValues, bounds.enumValues, "values of enum");
	check(lowering.dialect, size.characters, bounds.characters, "characters of names and values");
	const { largeEnum } = bounds;
	check(lowering.dialect, size.largestEnum, largeEnum?.characters, `characters in an enum of more than ${largeEnum?.over} values`);
	return { optionalProperties: size.optionalProperties, unions: size.unions };
}

/**
 * Adds the sizes of a schema to the tally of its request.
 *
 * @throws SchemaRefusal `missing_capabilities` for a request beyond a bound.
 */
export function addToTally(dialect: SchemaDialect, size: SchemaTally, tally: SchemaTally): void {
	tally.optionalProperties += size.optionalProperties;
	tally.unions += size.unions;
	const { bounds } = dialect;
	check(dialect, tally.optionalProperties, bounds?.optionalProperties, "optional properties in all strict schemas of a request");
	check(dialect, tally.unions, bounds?.unions, "schemas with alternatives in all strict schemas of a request");
}

function check(dialect: SchemaDialect, found: number, bound: number | undefined, what: string): void {
	if (bound === undefined || found <= bound) return;
	throw cannotExpress(dialect, new SchemaPath(), `accepts at most ${bound} ${what}, not ${found}; use a smaller schema`);
}

function measure(root: JsonObject, bounds: SchemaBounds): Size {
	const size: Size = { depth: 0, properties: 0, enumValues: 0, characters: 0, largestEnum: 0, optionalProperties: 0, unions: 0 };
	const rest: { schema: JsonValue; depth: number }[] = [{ schema: root, depth: 0 }];
	for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
		const { schema } = next;
		if (!isSchemaObject(schema)) continue;
		const depth = next.depth + (Object.hasOwn(schema, "properties") ? 1 : 0);
		size.depth = Math.max(size.depth, depth);
		if (Object.hasOwn(schema, "anyOf") || Object.hasOwn(schema, "oneOf") || Array.isArray(schema.type)) size.unions++;
		addProperties(schema, size);
		addValues(schema, size, bounds);
		for (const [keyword, value] of Object.entries(schema)) {
			const isDefinition = keyword === "$defs" || keyword === "definitions";
			if (isDefinition && isSchemaObject(value)) for (const name of Object.keys(value)) size.characters += name.length;
			for (const child of childrenOf(keyword, value)) rest.push({ schema: child, depth: isDefinition ? 0 : depth });
		}
	}
	return size;
}

function childrenOf(keyword: string, value: JsonValue): readonly JsonValue[] {
	if (SCHEMA_KEYWORDS.has(keyword)) return [value];
	if (LIST_KEYWORDS.has(keyword)) return Array.isArray(value) ? value : [];
	return MAP_KEYWORDS.has(keyword) && isSchemaObject(value) ? Object.values(value) : [];
}

function addProperties(schema: JsonObject, size: Size): void {
	const properties = own(schema, "properties");
	if (!isSchemaObject(properties)) return;
	const required = own(schema, "required");
	const needed = new Set(Array.isArray(required) ? required : []);
	for (const name of Object.keys(properties)) {
		size.properties++;
		size.characters += name.length;
		if (!needed.has(name)) size.optionalProperties++;
	}
}

function addValues(schema: JsonObject, size: Size, { largeEnum }: SchemaBounds): void {
	const only = own(schema, "const");
	if (only !== undefined) size.characters += lengthOf(only);
	const values = own(schema, "enum");
	if (!Array.isArray(values)) return;
	const characters = values.reduce<number>((sum, value) => sum + lengthOf(value), 0);
	size.enumValues += values.length;
	size.characters += characters;
	if (largeEnum !== undefined && values.length > largeEnum.over) size.largestEnum = Math.max(size.largestEnum, characters);
}

function lengthOf(value: JsonValue): number {
	return typeof value === "string" ? value.length : JSON.stringify(value).length;
}
