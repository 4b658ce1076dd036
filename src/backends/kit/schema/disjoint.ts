import type { JsonObject, JsonValue } from "../../../../generated/ir/json.ts";
import { isSchemaObject, own, typesOf } from "./keywords.ts";
import { equalText, typeOfValue, valuesOf } from "./values.ts";

/**
 * Returns true if no value can match two of these schemas: they differ in type, in their values, or in the value of a required property.
 * False proves nothing. Reads each schema once.
 */
export function areDisjoint(schemas: readonly JsonValue[]): boolean {
	if (schemas.length < 2) return true;
	const objects = schemas.filter(isSchemaObject);
	return objects.length === schemas.length && (differInThemselves(objects) || differInProperty(objects));
}

function differInThemselves(schemas: readonly JsonObject[]): boolean {
	/** Types that all values of a schema before may have. */
	const types = new Set<string>();
	const values = new Set<string>();
	const typesOfValues = new Set<string>();
	return schemas.every((schema) => {
		const listed = valuesOf(schema);
		if (listed !== undefined) {
			const isNew = listed.every((value) => !values.has(equalText(value)) && !types.has(withIntegers(typeOfValue(value))));
			for (const value of listed) {
				values.add(equalText(value));
				typesOfValues.add(withIntegers(typeOfValue(value)));
			}
			return isNew;
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

function differInProperty(schemas: readonly JsonObject[]): boolean {
	const [first] = schemas;
	const properties = first === undefined ? undefined : own(first, "properties");
	return isSchemaObject(properties) && Object.keys(properties).some((name) => discriminates(name, schemas));
}

function discriminates(name: string, schemas: readonly JsonObject[]): boolean {
	const seen = new Set<string>();
	return schemas.every((schema) => {
		const properties = own(schema, "properties");
		const required = own(schema, "required");
		const property = isSchemaObject(properties) ? own(properties, name) : undefined;
		if (own(schema, "type") !== "object" || !Array.isArray(required) || !required.includes(name)) return false;
		const texts = isSchemaObject(property) ? valuesOf(property)?.map(equalText) : undefined;
		if (texts === undefined || texts.some((text) => seen.has(text))) return false;
		for (const text of texts) seen.add(text);
		return true;
	});
}
