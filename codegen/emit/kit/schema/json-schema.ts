/** JSON Schema (2020-12) as plain data, as far as the emitters write it. */

export interface JsonSchema {
	$schema?: string;
	$id?: string;
	$comment?: string;
	$ref?: string;
	title?: string;
	description?: string;
	deprecated?: boolean;
	type?: string | string[];
	enum?: unknown[];
	const?: unknown;
	default?: unknown;
	properties?: { [name: string]: JsonSchema };
	required?: string[];
	additionalProperties?: boolean | JsonSchema;
	propertyNames?: JsonSchema;
	items?: boolean | JsonSchema;
	prefixItems?: JsonSchema[];
	oneOf?: JsonSchema[];
	anyOf?: JsonSchema[];
	allOf?: JsonSchema[];
	not?: JsonSchema;
	if?: JsonSchema;
	then?: JsonSchema;
	discriminator?: { propertyName: string };
	minimum?: number;
	exclusiveMinimum?: number;
	maximum?: number;
	minItems?: number;
	maxItems?: number;
	minLength?: number;
	maxLength?: number;
	uniqueItems?: boolean;
	pattern?: string;
	contentEncoding?: string;
	$defs?: { [name: string]: JsonSchema };
	/** Our own keyword: the value must be an instance of this global class. */
	instanceOf?: string;
	/** json-schema-to-typescript's own keyword: the TypeScript type, verbatim. */
	tsType?: string;
}

export const DIALECT = "https://json-schema.org/draft/2020-12/schema";

/** `$id` and file name of the schema of an interface. */
export function schemaFileName(name: string): string {
	return `${name}.schema.json`;
}

/** Applies `change` to a schema and to all below it, from the inside out. */
export function mapSchema(schema: JsonSchema, change: (schema: JsonSchema) => JsonSchema): JsonSchema {
	const inner = (each: JsonSchema): JsonSchema => mapSchema(each, change);
	const copy: JsonSchema = { ...schema };
	for (const key of ["properties", "$defs"] as const) {
		const members = schema[key];
		if (members !== undefined) copy[key] = Object.fromEntries(Object.entries(members).map(([name, each]) => [name, inner(each)]));
	}
	for (const key of ["oneOf", "anyOf", "allOf", "prefixItems"] as const) {
		const members = schema[key];
		if (members !== undefined) copy[key] = members.map(inner);
	}
	for (const key of ["items", "additionalProperties", "propertyNames", "not", "if", "then"] as const) {
		const member = schema[key];
		if (typeof member === "object") copy[key] = inner(member);
	}
	return change(copy);
}
