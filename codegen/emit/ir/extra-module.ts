/** `ir/<name>.ts` for a schema of `codegen/schemas/`: its root, if that describes something, and all of its `$defs`. */

import { pascalCase } from "../../model/names/spelling.ts";
import { moduleAlias } from "../../model/names/type-names.ts";
import { compileTypes } from "../kit/compile-types.ts";
import { header } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import type { ExtraSchema } from "../kit/schema/extra-schemas.ts";
import { type JsonSchema, mapSchema } from "../kit/schema/json-schema.ts";

export async function extraModule({ name, source, schema }: ExtraSchema): Promise<string> {
	const { $defs = {}, $schema: _dialect, $id: _id, $comment: _comment, ...root } = schema;
	const rootName = root.title ?? pascalCase(name);
	const schemas = new Map<string, JsonSchema>();
	if (describesSomething(root)) schemas.set(rootName, root);
	for (const [key, each] of Object.entries($defs)) schemas.set(key, each);
	const imports = new Imports(schemas.keys());
	const code = await compileTypes(new Map([...schemas].map(([key, each]) => [key, withTypeNames(each, rootName, imports)])));
	return [header([source]), imports.toString(), code].filter((part) => part !== "").join("\n");
}

/** True if the schema says more of a value than its name and its purpose. */
function describesSomething({ title: _title, description: _description, ...rest }: JsonSchema): boolean {
	return Object.keys(rest).length > 0;
}

/** Replaces references by the names of the types they lead to, objects of any shape by `JsonObject`, and no schema at all by `unknown`. */
function withTypeNames(schema: JsonSchema, rootName: string, imports: Imports): JsonSchema {
	return mapSchema(schema, ({ $ref, ...each }) => {
		if ($ref !== undefined) return { ...each, tsType: typeName($ref, rootName, imports) };
		if (!describesSomething(each)) return { ...each, tsType: "unknown" };
		const isOpen = each.type === "object" && each.properties === undefined && each.additionalProperties === undefined;
		return isOpen ? { ...each, tsType: `${imports.typeNamespace("json", "./json.ts")}.JsonObject` } : each;
	});
}

function typeName(ref: string, rootName: string, imports: Imports): string {
	if (ref === "#") return rootName;
	const match = /^(?:([a-z0-9-]+)\.schema\.json)?#\/\$defs\/([A-Za-z0-9_]+)$/.exec(ref);
	const [, module, name] = match ?? [];
	if (name === undefined)
		throw new Error(`cannot name the type of "$ref": "${ref}"; write "#/$defs/Name" or "module.schema.json#/$defs/Name"`);
	return module === undefined ? name : `${imports.typeNamespace(moduleAlias(module), `./${module}.ts`)}.${name}`;
}
