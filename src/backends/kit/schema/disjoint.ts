import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { isSchemaObject, own, typesOf } from "./keywords.ts";
import { equalText, typeOfValue, valuesOf } from "./values.ts";

/** Text that the comparisons of one schema may still read, in characters of JSON. */
export interface ReadingBudget {
	left: number;
}

/**
 * Most text that the comparisons of one schema read. Alternatives may be references, so that a short schema could compare one long list
 * of values at thousands of places.
 */
const MAX_READ = 1_000_000;

/** Cost of a value beside its text, in characters. Short values are not for free. */
const VALUE_COST = 16;

export function readingBudget(): ReadingBudget {
	return { left: MAX_READ };
}

/**
 * Returns true if no value can match two of these schemas: they differ in type, in their values, or in the value of a required property.
 * False proves nothing. Returns false once the budget is used up.
 */
export function areDisjoint(schemas: readonly JsonValue[], budget: ReadingBudget = readingBudget()): boolean {
	if (schemas.length < 2) return true;
	const objects = schemas.filter(isSchemaObject);
	return objects.length === schemas.length && (differInThemselves(objects, budget) || differInProperty(objects, budget));
}

function differInThemselves(schemas: readonly JsonObject[], budget: ReadingBudget): boolean {
	/** Types that all values of a schema before may have. */
	const types = new Set<string>();
	const values = new Set<string>();
	const typesOfValues = new Set<string>();
	return schemas.every((schema) => {
		const texts = textsOf(schema, budget);
		if (texts !== undefined) {
			const ofValues = new Set(valuesOf(schema)?.map((value) => withIntegers(typeOfValue(value))));
			const isNew = texts.every((text) => !values.has(text)) && types.isDisjointFrom(ofValues);
			for (const text of texts) values.add(text);
			for (const type of ofValues) typesOfValues.add(type);
			return isNew && budget.left >= 0;
		}
		const named = typesOf(schema)?.map(withIntegers);
		const isNew = named?.every((type) => !types.has(type) && !typesOfValues.has(type)) === true;
		for (const type of named ?? []) types.add(type);
		return isNew;
	});
}

function withIntegers(type: string): string {
	return type === "integer" ? "number" : type;
}

/** Returns true if some required property has other values in each schema. */
function differInProperty(schemas: readonly JsonObject[], budget: ReadingBudget): boolean {
	const seen = new Map<string, Set<string>>();
	let names: readonly string[] | undefined;
	for (const schema of schemas) {
		const properties = own(schema, "properties");
		const listed = own(schema, "required");
		if (own(schema, "type") !== "object" || !isSchemaObject(properties) || !Array.isArray(listed)) return false;
		budget.left -= listed.length;
		const required = new Set(listed);
		names = (names ?? Object.keys(properties)).filter((name) => {
			const property = required.has(name) ? own(properties, name) : undefined;
			const texts = isSchemaObject(property) ? textsOf(property, budget) : undefined;
			const others = seen.get(name) ?? new Set();
			if (texts === undefined || texts.some((text) => others.has(text))) return false;
			for (const text of texts) others.add(text);
			seen.set(name, others);
			return true;
		});
		if (names.length === 0 || budget.left < 0) return false;
	}
	return true;
}

/** Returns the values of a schema as texts. `undefined` for a schema without values, and once the budget is used up. */
function textsOf(schema: JsonObject, budget: ReadingBudget): readonly string[] | undefined {
	if (budget.left < 0) return undefined;
	return valuesOf(schema)?.map((value) => {
		const text = equalText(value);
		budget.left -= text.length + VALUE_COST;
		return text;
	});
}
