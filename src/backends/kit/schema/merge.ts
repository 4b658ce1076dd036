import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { isAnything, isNeutral, isSchemaObject, isTypeName, own, RESTRICTIONS, type TypeName } from "./keywords.ts";
import { replace } from "./normalize.ts";
import { equalText } from "./values.ts";

/** Two schemas that no single one can stand for. */
export class UnmergeableError extends Error {
	/** Keyword that both have. */
	readonly keyword: string;

	constructor(keyword: string) {
		super(keyword);
		this.keyword = keyword;
	}
}

/** Returns a schema that allows exactly the values that both schemas allow. @throws UnmergeableError if there is none. */
function intersect(first: JsonObject, second: JsonObject): JsonObject {
	const tuples = [first, second].some((schema) => Object.hasOwn(schema, "prefixItems"));
	for (const group of tuples ? [...GROUPS, ["prefixItems", "items"]] : GROUPS) {
		if (group.some((keyword) => Object.hasOwn(first, keyword)) && group.some((keyword) => Object.hasOwn(second, keyword))) {
			const differs = group.some((keyword) => !same(own(first, keyword), own(second, keyword)));
			if (differs) throw new UnmergeableError(group[0] ?? "");
		}
	}
	const merged = new Map(Object.entries(first));
	for (const [keyword, value] of Object.entries(second)) {
		const present = merged.get(keyword);
		merged.set(keyword, present === undefined || same(present, value) ? value : join(keyword, present, value));
	}
	return withProperties(Object.fromEntries(merged), first, second);
}

/** Returns the intersection of all schemas. Merges pairs of pairs, so that the cost stays linear but for a logarithm. */
export function intersectAll(schemas: readonly JsonObject[]): JsonObject {
	let level = withJoinedProperties(schemas);
	while (level.length > 1) {
		const [...pairs] = level.keys().filter((index) => index % 2 === 0);
		level = pairs.map((index) => intersect(level[index] ?? {}, level[index + 1] ?? {}));
	}
	return level[0] ?? {};
}

/** Returns the schemas with those that hold nothing but properties as one. In pairs, each level would copy all properties again. */
function withJoinedProperties(schemas: readonly JsonObject[]): readonly JsonObject[] {
	const isPlain = (schema: JsonObject): boolean => Object.keys(schema).length === 1 && isSchemaObject(own(schema, "properties"));
	const plain = schemas.filter(isPlain);
	if (plain.length < 3) return schemas;
	const properties = new Map<string, JsonValue[]>();
	for (const schema of plain) {
		for (const name of namesOf(schema)) {
			const present = properties.get(name);
			if (present === undefined) properties.set(name, [propertyOf(schema, name)]);
			else present.push(propertyOf(schema, name));
		}
	}
	const joined = Object.fromEntries([...properties].map(([name, values]) => [name, allOf(values)]));
	return [{ properties: joined }, ...schemas.filter((schema) => !isPlain(schema))];
}

/** Returns a schema that allows the values which all schemas allow. */
function allOf(schemas: readonly JsonValue[]): JsonValue {
	const [only, ...others] = schemas;
	if (only !== undefined && others.length === 0) return only;
	if (schemas.includes(false)) return false;
	const distinct = [...new Map(schemas.filter((schema) => !isAnything(schema)).map((schema) => [equalText(schema), schema])).values()];
	const [first, second] = distinct;
	return first === undefined ? true : second === undefined ? first : { allOf: distinct };
}

/** Keywords that have a meaning only together. Two schemas that differ in one of a group cannot be merged. */
const GROUPS: readonly (readonly string[])[] = [
	["contains", "minContains", "maxContains"],
	["if", "then", "else"],
	["unevaluatedItems"],
	["unevaluatedProperties"],
];

function join(keyword: string, first: JsonValue, second: JsonValue): JsonValue {
	if (!RESTRICTIONS.has(keyword)) return keyword === "description" ? `${first}\n\n${second}` : first;
	if (typeof first === "number" && typeof second === "number") {
		if (keyword.startsWith("min") || keyword === "exclusiveMinimum") return Math.max(first, second);
		if (keyword.startsWith("max") || keyword === "exclusiveMaximum") return Math.min(first, second);
		if (keyword === "multipleOf" && first % second === 0) return first;
		if (keyword === "multipleOf" && second % first === 0) return second;
	}
	switch (keyword) {
		case "type":
			return commonTypes(first, second);
		case "enum": {
			const allowed = new Set(listOf(second).map(equalText));
			return listOf(first).filter((value) => allowed.has(equalText(value)));
		}
		case "required":
			return [...new Set([...listOf(first), ...listOf(second)])];
		case "uniqueItems":
			return first === true || second === true;
		case "items":
		case "propertyNames":
			return both(first, second);
		case "properties":
		case "patternProperties":
		case "dependentSchemas":
			return bothOfEach(first, second);
		case "additionalProperties":
			return both(first, second);
		default:
			throw new UnmergeableError(keyword);
	}
}

/** Returns the properties of merged objects: `additionalProperties` of one restricts those that only the other names. */
function withProperties(merged: JsonObject, first: JsonObject, second: JsonObject): JsonObject {
	const closes = (schema: JsonObject): boolean =>
		Object.hasOwn(schema, "additionalProperties") && !isAnything(own(schema, "additionalProperties"));
	if (!closes(first) && !closes(second)) return merged;
	const hasPatterns = (schema: JsonObject): boolean => !isNeutral("patternProperties", own(schema, "patternProperties") ?? {});
	if (hasPatterns(first) || hasPatterns(second)) throw new UnmergeableError("patternProperties");
	const properties = new Map<string, JsonValue>();
	for (const name of new Set([...namesOf(first), ...namesOf(second)])) {
		const value = both(propertyOf(first, name), propertyOf(second, name));
		// The merged `additionalProperties` excludes the name already.
		if (value !== false) properties.set(name, value);
		else if (own(merged, "additionalProperties") !== false) properties.set(name, false);
	}
	return replace(merged, ["properties"], { properties: Object.fromEntries(properties) });
}

function namesOf(schema: JsonObject): string[] {
	const properties = own(schema, "properties");
	return isSchemaObject(properties) ? Object.keys(properties) : [];
}

function propertyOf(schema: JsonObject, name: string): JsonValue {
	const properties = own(schema, "properties");
	const named = isSchemaObject(properties) ? own(properties, name) : undefined;
	return named ?? own(schema, "additionalProperties") ?? true;
}

function both(first: JsonValue, second: JsonValue): JsonValue {
	if (first === false || second === false) return false;
	if (isAnything(first) || same(first, second)) return second;
	return isAnything(second) ? first : { allOf: [first, second] };
}

function bothOfEach(first: JsonValue, second: JsonValue): JsonValue {
	if (!isSchemaObject(first) || !isSchemaObject(second)) throw new UnmergeableError("properties");
	const merged = new Map(Object.entries(first));
	for (const [name, schema] of Object.entries(second)) {
		const present = merged.get(name);
		merged.set(name, present === undefined ? schema : both(present, schema));
	}
	return Object.fromEntries(merged);
}

function commonTypes(first: JsonValue, second: JsonValue): JsonValue {
	const [some, others] = [first, second].map((types) => (Array.isArray(types) ? types : [types]).filter(isTypeName));
	const holds = (types: readonly TypeName[] | undefined, type: TypeName): boolean =>
		types?.includes(type) === true || (type === "integer" && types?.includes("number") === true);
	const common = [...new Set([...(some ?? []), ...(others ?? [])])].filter((type) => holds(some, type) && holds(others, type));
	const [only] = common;
	return only !== undefined && common.length === 1 ? only : common;
}

function listOf(value: JsonValue): readonly JsonValue[] {
	return Array.isArray(value) ? value : [];
}

function same(first: JsonValue | undefined, second: JsonValue | undefined): boolean {
	if (first === second) return true;
	if (first === undefined || second === undefined || !hasSameNames(first, second)) return false;
	return equalText(first) === equalText(second);
}

/** Returns false for objects of different names, whose texts are not worth a comparison: each level of a merge would write them all. */
function hasSameNames(first: JsonValue, second: JsonValue): boolean {
	if (!isSchemaObject(first) || !isSchemaObject(second)) return true;
	const names = Object.keys(first);
	return names.length === Object.keys(second).length && names.every((name) => Object.hasOwn(second, name));
}
