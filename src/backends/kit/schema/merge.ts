import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { isAnything, isNeutral, isSchemaObject, isTypeName, MAP_KEYWORDS, own, RESTRICTIONS, type TypeName } from "./keywords.ts";
import type { ValueIds } from "./value-ids.ts";

/** Schemas that no single one can stand for. */
export class UnmergeableError extends Error {
	/** Keyword that several of them have. */
	readonly keyword: string;

	constructor(keyword: string) {
		super(keyword);
		this.keyword = keyword;
	}
}

/** State that a merge shares with the lowering that it is a part of. */
export interface MergeContext {
	readonly ids: ValueIds;
	/** Counts a value that the lowered schema holds once more. Throws once it holds too many. */
	readonly copied: (value: JsonValue) => void;
}

/** Keywords that have a meaning only together. Schemas that differ in one of a group cannot be merged. */
const GROUPS: readonly (readonly string[])[] = [
	["contains", "minContains", "maxContains"],
	["if", "then", "else"],
	["unevaluatedItems"],
	["unevaluatedProperties"],
];

/**
 * Returns a schema that allows exactly the values that all schemas allow. Merges all at once: in pairs, each level would copy what the
 * levels below have merged.
 *
 * @throws UnmergeableError if there is no such schema.
 */
export function intersectAll(schemas: readonly JsonObject[], context: MergeContext): JsonObject {
	const [only, ...others] = schemas;
	if (only === undefined || others.length === 0) return only ?? {};
	const tuples = schemas.some((schema) => Object.hasOwn(schema, "prefixItems"));
	for (const group of tuples ? [...GROUPS, ["prefixItems", "items"]] : GROUPS) checkGroup(schemas, group, context);
	const merged = new Map<string, JsonValue>();
	const closing = closingSchemas(schemas, context);
	for (const [keyword, values] of valuesByName(schemas)) {
		if (keyword === "properties" && closing.size > 0) continue;
		// Members are compared one by one.
		const distinct = MAP_KEYWORDS.has(keyword) && values.every(isSchemaObject) ? values : context.ids.distinct(values);
		const [value] = distinct;
		if (value !== undefined) merged.set(keyword, distinct.length === 1 ? value : join(keyword, distinct, context));
	}
	if (closing.size > 0) merged.set("properties", closedProperties(schemas, closing, merged.get("additionalProperties"), context));
	return Object.fromEntries(merged);
}

function checkGroup(schemas: readonly JsonObject[], group: readonly string[], { ids }: MergeContext): void {
	const having = schemas.filter((schema) => group.some((keyword) => Object.hasOwn(schema, keyword)));
	const idOf = (schema: JsonObject): string =>
		group.map((keyword) => (Object.hasOwn(schema, keyword) ? ids.of(own(schema, keyword) ?? null) : "")).join();
	if (new Set(having.map(idOf)).size > 1) throw new UnmergeableError(group[0] ?? "");
}

/** Returns the values of each member that some object has, in the order of the objects. */
export function valuesByName(objects: readonly JsonObject[]): Map<string, JsonValue[]> {
	const values = new Map<string, JsonValue[]>();
	for (const object of objects) {
		for (const [name, value] of Object.entries(object)) {
			const present = values.get(name);
			if (present === undefined) values.set(name, [value]);
			else present.push(value);
		}
	}
	return values;
}

/** Returns the value of a keyword that stands for several distinct ones. */
function join(keyword: string, values: readonly JsonValue[], context: MergeContext): JsonValue {
	const [first = null] = values;
	if (!RESTRICTIONS.has(keyword)) return keyword === "description" ? values.join("\n\n") : first;
	const numbers = values.filter((value) => typeof value === "number");
	if (numbers.length === values.length) return joinedNumber(keyword, numbers);
	switch (keyword) {
		case "type":
			return values.reduce(commonTypes);
		case "enum":
			return commonValues(values.map(listOf), context);
		case "required":
			return [...new Set(values.flatMap(listOf))];
		case "uniqueItems":
			return values.includes(true);
		case "items":
		case "propertyNames":
		case "additionalProperties":
			return allOf(values, context);
		case "properties":
		case "patternProperties":
		case "dependentSchemas":
			if (!values.every(isSchemaObject)) throw new UnmergeableError("properties");
			return Object.fromEntries([...valuesByName(values)].map(([name, schemas]) => [name, allOf(schemas, context)]));
		default:
			throw new UnmergeableError(keyword);
	}
}

function joinedNumber(keyword: string, values: readonly number[]): number {
	if (keyword.startsWith("min") || keyword === "exclusiveMinimum") return values.reduce((a, b) => Math.max(a, b));
	if (keyword.startsWith("max") || keyword === "exclusiveMaximum") return values.reduce((a, b) => Math.min(a, b));
	const largest = values.reduce((a, b) => Math.max(a, b));
	if (keyword === "multipleOf" && values.every((value) => largest % value === 0)) return largest;
	throw new UnmergeableError(keyword);
}

/** Returns the types that both keywords allow. */
function commonTypes(first: JsonValue, second: JsonValue): JsonValue {
	const [some = [], others = []] = [first, second].map((types) => [
		...new Set((Array.isArray(types) ? types : [types]).filter(isTypeName)),
	]);
	const holds = (types: readonly TypeName[], type: TypeName): boolean =>
		types.includes(type) || (type === "integer" && types.includes("number"));
	const common = [...new Set([...some, ...others])].filter((type) => holds(some, type) && holds(others, type));
	const [only] = common;
	return only !== undefined && common.length === 1 ? only : common;
}

/** Returns the values that all lists have, in the order of the first. */
function commonValues([first = [], ...others]: readonly (readonly JsonValue[])[], { ids }: MergeContext): JsonValue[] {
	const sets = others.map((list) => new Set(list.map((value) => ids.of(value))));
	return first.filter((value) => sets.every((set) => set.has(ids.of(value))));
}

function listOf(value: JsonValue): readonly JsonValue[] {
	return Array.isArray(value) ? value : [];
}

/** Returns a schema that allows the values which all schemas allow. */
function allOf(schemas: readonly JsonValue[], { ids }: MergeContext): JsonValue {
	const [only, ...others] = schemas;
	if (only !== undefined && others.length === 0) return only;
	if (schemas.includes(false)) return false;
	const distinct = ids.distinct(schemas.filter((schema) => !isAnything(schema)));
	const [first, second] = distinct;
	return first === undefined ? true : second === undefined ? first : { allOf: distinct };
}

/** Distinct values of `additionalProperties` that restrict something, with the number of schemas that have each. */
type Closing = Map<number, { readonly value: JsonValue; count: number }>;

function closingSchemas(schemas: readonly JsonObject[], { ids }: MergeContext): Closing {
	const closing: Closing = new Map();
	for (const schema of schemas) {
		const value = own(schema, "additionalProperties");
		if (value === undefined || isAnything(value)) continue;
		const known = closing.get(ids.of(value));
		if (known === undefined) closing.set(ids.of(value), { value, count: 1 });
		else known.count++;
	}
	return closing;
}

/** Returns the properties of merged objects: `additionalProperties` of one restricts those that only the others name. */
function closedProperties(
	schemas: readonly JsonObject[],
	closing: Closing,
	rest: JsonValue | undefined,
	context: MergeContext,
): JsonObject {
	const { ids, copied } = context;
	if (schemas.some((schema) => !isNeutral("patternProperties", own(schema, "patternProperties") ?? {})))
		throw new UnmergeableError("patternProperties");
	const properties = new Map<string, JsonValue>();
	for (const [name, naming] of schemasByProperty(schemas)) {
		const values = naming.map(({ value }) => value);
		// A schema that names the property does not close it.
		const open = Map.groupBy(naming, ({ schema }) => ids.of(own(schema, "additionalProperties") ?? true));
		for (const [id, { value, count }] of closing) {
			if (open.get(id)?.length === count) continue;
			copied(value);
			values.push(value);
		}
		const value = allOf(values, context);
		// The merged `additionalProperties` excludes the name already.
		if (value !== false) properties.set(name, value);
		else if (rest !== false) properties.set(name, false);
	}
	return Object.fromEntries(properties);
}

/** Returns the schemas that name each property, with its value there. */
function schemasByProperty(schemas: readonly JsonObject[]): Map<string, { readonly schema: JsonObject; readonly value: JsonValue }[]> {
	const naming = new Map<string, { readonly schema: JsonObject; readonly value: JsonValue }[]>();
	for (const schema of schemas) {
		const properties = own(schema, "properties");
		for (const [name, value] of isSchemaObject(properties) ? Object.entries(properties) : []) {
			const present = naming.get(name);
			if (present === undefined) naming.set(name, [{ schema, value }]);
			else present.push({ schema, value });
		}
	}
	return naming;
}
