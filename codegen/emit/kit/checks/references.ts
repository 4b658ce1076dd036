/** References between schemas, and what each document defines. */
import { type JsonSchema, schemaFileName } from "../schema/json-schema.ts";

/** A place that a `$ref` leads to: a definition of a document, or the document itself where `name` is absent. */
export interface Target {
	readonly module: string;
	readonly name?: string;
}

/** Module name → document. */
export type Documents = ReadonlyMap<string, JsonSchema>;

/** @throws Error for a reference in a form that no document here uses */
export function targetOf(ref: string, module: string): Target {
	const match = /^(?:([a-z0-9_-]+)\.schema\.json)?(?:#(?:\/\$defs\/([A-Za-z0-9_]+))?)?$/.exec(ref);
	if (match === null) throw new Error(`no validator can follow "$ref": "${ref}"; write "#/$defs/Name" or "module.schema.json#/$defs/Name"`);
	const [, file = module, name] = match;
	return { module: file, ...(name === undefined ? {} : { name }) };
}

/** @throws Error when the target is not there */
export function schemaOf({ module, name }: Target, documents: Documents): JsonSchema {
	const document = documents.get(module);
	const { $defs, ...root } = document ?? {};
	const schema = name === undefined ? document && root : $defs?.[name];
	if (schema === undefined)
		throw new Error(`can't resolve reference ${schemaFileName(module)}${name === undefined ? "" : `#/$defs/${name}`}`);
	return schema;
}

export function keyOf({ module, name = "" }: Target): string {
	return `${module}#${name}`;
}

/** Every target that a schema refers to, directly or in its parts. */
export function targetsIn(schema: JsonSchema, module: string): Target[] {
	const found: Target[] = [];
	const pending: JsonSchema[] = [schema];
	for (let each = pending.pop(); each !== undefined; each = pending.pop()) {
		if (each.$ref !== undefined) found.push(targetOf(each.$ref, module));
		pending.push(...partsOf(each));
	}
	return found;
}

/** The schemas that a schema consists of. */
function partsOf(schema: JsonSchema): JsonSchema[] {
	const { properties, oneOf = [], anyOf = [], prefixItems = [], items, additionalProperties, propertyNames } = schema;
	const single = [items, additionalProperties, propertyNames].filter((each) => typeof each === "object");
	return [...Object.values(properties ?? {}), ...oneOf, ...anyOf, ...prefixItems, ...single];
}
