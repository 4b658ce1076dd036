/** `ir/<interface>.ts`: the interface's data types in IR shape. */
import { dataTypes, moduleOf } from "../../model/carried/data-types.ts";
import { jsonTypeName } from "../../model/carried/ir-type.ts";
import type { Interface, Model } from "../../model/model.ts";
import { moduleAlias, moduleName, typeName } from "../../model/names/type-names.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { type DefinitionScope, irDefinition } from "../kit/ir-definition.ts";

export function interfaceModule(iface: Interface, model: Model): string {
	const own = moduleName(iface.name);
	const imports = new Imports(dataTypes(iface).map(typeName));
	const scope: DefinitionScope = {
		named(def) {
			const module = moduleOf(def, model);
			const name = typeName(def);
			return module === own ? name : `${imports.typeNamespace(moduleAlias(module), `./${module}.ts`)}.${name}`;
		},
		json: (kind) => `${imports.typeNamespace("json", "./json.ts")}.${jsonTypeName(kind)}`,
	};
	const code = dataTypes(iface)
		.map((def) => irDefinition(def, scope))
		.join("\n");
	return [header([witSource(iface)]), imports.toString(), code].filter((part) => part !== "").join("\n");
}
