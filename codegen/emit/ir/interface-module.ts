/** `ir/<interface>.ts`: the interface's data types in IR shape. */

import { dataTypes, moduleAlias, moduleOf } from "../../model/carried/data-types.ts";
import { type IrScope, irType, jsonTypeName } from "../../model/carried/ir-type.ts";
import type { Interface, Model } from "../../model/model.ts";
import { pascalCase } from "../../model/names/spelling.ts";
import { compileTypes } from "../kit/compile-types.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { type DefinitionScope, definitionSchema } from "../kit/schema/definition.ts";

export async function interfaceModule(iface: Interface, model: Model): Promise<string> {
	const imports = new Imports();
	const names: IrScope = {
		named(def) {
			const module = moduleOf(def, model);
			const name = pascalCase(def.name);
			return module === iface.name ? name : `${imports.typeNamespace(moduleAlias(module), `./${module}.ts`)}.${name}`;
		},
	};
	const scope: DefinitionScope = {
		form: "memory",
		schemaOf: (type) => ({ tsType: irType(type, names) }),
		schemaOfJson: (kind) => ({ tsType: `${imports.typeNamespace("json", "./json.ts")}.${jsonTypeName(kind)}` }),
	};
	const schemas = new Map(dataTypes(iface).map((def) => [pascalCase(def.name), definitionSchema(def, scope)]));
	const code = await compileTypes(schemas);
	return [header([witSource(iface)]), imports.toString(), code].filter((part) => part !== "").join("\n");
}
