/** The schema document of an interface: every data type it declares, under `$defs`. */
import type { Interface, Model } from "../../../model/model.ts";
import { pascalCase } from "../../names.ts";
import { notice, witSource } from "../header.ts";
import { dataTypes } from "../modules.ts";
import { type DefinitionScope, definitionSchema, description } from "./definition.ts";
import { DIALECT, type JsonSchema, type SchemaForm, schemaFileName } from "./json-schema.ts";
import { typeSchema } from "./type-schema.ts";

export function interfaceSchema(iface: Interface, model: Model, form: SchemaForm): JsonSchema {
	const scope: DefinitionScope = {
		form,
		schemaOf: (type) => typeSchema(type, { model, module: iface.name, form }),
		schemaOfJson: (kind) => (kind === "object" ? { type: "object" } : {}),
	};
	return {
		$schema: DIALECT,
		$id: schemaFileName(iface.name),
		$comment: notice([witSource(iface)]),
		...description(iface.docs.text),
		$defs: Object.fromEntries(dataTypes(iface).map((def) => [pascalCase(def.name), definitionSchema(def, scope)])),
	};
}
