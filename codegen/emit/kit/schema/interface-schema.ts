/** The schema document of an interface: every data type it declares, under `$defs`. */

import { dataTypes } from "../../../model/carried/data-types.ts";
import type { IrForm } from "../../../model/carried/ir-type.ts";
import type { Interface, Model } from "../../../model/model.ts";
import { moduleName, typeName } from "../../../model/names/type-names.ts";
import { notice, witSource } from "../header.ts";
import { type DefinitionScope, definitionSchema, description } from "./definition.ts";
import { DIALECT, type JsonSchema, schemaFileName } from "./json-schema.ts";
import { typeSchema } from "./type-schema.ts";

export function interfaceSchema(iface: Interface, model: Model, form: IrForm): JsonSchema {
	const module = moduleName(iface.name);
	const scope: DefinitionScope = {
		form,
		schemaOf: (type) => typeSchema(type, { model, module, form }),
		schemaOfJson: (kind) => (kind === "object" ? { type: "object" } : {}),
	};
	return {
		$schema: DIALECT,
		$id: schemaFileName(module),
		$comment: notice([witSource(iface)]),
		...description(iface.docs.text),
		$defs: Object.fromEntries(dataTypes(iface).map((def) => [typeName(def), definitionSchema(def, scope)])),
	};
}
