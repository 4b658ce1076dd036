import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import type { SchemaBounds } from "./dialect.ts";
import { isSchemaObject, LIST_KEYWORDS, MAP_KEYWORDS, own, SCHEMA_KEYWORDS } from "./keywords.ts";
import type { Lowering } from "./lowering.ts";

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
 * Adds a lowered schema to the tally of its request.
 *
 * @throws SpearError `missing_capabilities` for a schema beyond a bound of its dialect.
 */
export function checkBounds(lowering: Lowering, schema: JsonObject, tally: SchemaTally): void {
	const { bounds } = lowering.dialect;
	if (bounds === undefined) return;
	const size = measure(schema, bounds);
	tally.optionalProperties += size.optionalProperties;
	tally.unions += size.unions;
	const check = (found: number, bound: number | undefined, what: string): void => {
		if (bound === undefined || found <= bound) return;
		throw lowering.cannot(lowering.rootPath, `accepts at most ${bound} ${what}, not ${found}; use a smaller schema`);
	};
	check(size.depth, bounds.depth, "levels of objects");
	check(size.properties, bounds.properties, "properties");
	check(size.enumValues, bounds.enumValues, "values of enum");
	check(size.characters, bounds.characters, "characters of names and values");
	check(size.largestEnum, bounds.largeEnum?.characters, `characters in an enum of more than ${bounds.largeEnum?.over} values`);
	check(tally.optionalProperties, bounds.optionalProperties, "optional properties in all strict schemas of a request");
	check(tally.unions, bounds.unions, "schemas with alternatives in all strict schemas of a request");
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
