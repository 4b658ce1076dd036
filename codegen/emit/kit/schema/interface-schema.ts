/** Schema documents: data types under `$defs`. */
import type { DataModule, DataModules } from "../../../model/carried/data-modules.ts";
import { type DataDef, dataTypes, moduleOf } from "../../../model/carried/data-types.ts";
import type { IrForm } from "../../../model/carried/ir-type.ts";
import type { Docs, Interface, Model } from "../../../model/model.ts";
import { moduleName, typeName } from "../../../model/names/type-names.ts";
import { generalNotice, notice, witSource } from "../header.ts";
import { type DefinitionScope, definitionSchema, description } from "./definition.ts";
import { DIALECT, type JsonSchema, schemaFileName } from "./json-schema.ts";
import { type SchemaScope, typeSchema } from "./type-schema.ts";
import { WIDE_INTEGERS, type WideInteger } from "./wide-integers.ts";

/** The document of an interface of the ABI: every data type that it declares. */
export function interfaceSchema(iface: Interface, model: Model, form: IrForm): JsonSchema {
	const module = moduleName(iface.name);
	const scope: SchemaScope = { module, form, moduleOf: (def) => moduleOf(def, model) };
	return documentOf({ docs: iface.docs, types: dataTypes(iface), comment: notice([witSource(iface)]) }, scope);
}

/** The document of a module of any package, as JSON holds its values. */
export function dataModuleSchema(module: DataModule, modules: DataModules): JsonSchema {
	const wide = new Set<WideInteger>();
	const scope: SchemaScope = {
		module: module.file,
		form: "wire",
		moduleOf: (def) => modules.fileOf(def),
		wide(name) {
			wide.add(name);
			return { $ref: `#/$defs/${name}` };
		},
	};
	const { $defs, ...document } = documentOf({ ...module, comment: generalNotice([module]) }, scope);
	return { ...document, $defs: { ...$defs, ...Object.fromEntries([...wide].sort().map((name) => [name, WIDE_INTEGERS[name]])) } };
}

interface DocumentParts {
	readonly docs: Docs;
	readonly types: readonly DataDef[];
	readonly comment: string;
}

function documentOf({ docs, types, comment }: DocumentParts, typeScope: SchemaScope): JsonSchema {
	const scope: DefinitionScope = {
		form: typeScope.form,
		schemaOf: (type) => typeSchema(type, typeScope),
		schemaOfJson: (kind) => (kind === "object" ? { type: "object" } : {}),
	};
	return {
		$schema: DIALECT,
		$id: schemaFileName(typeScope.module),
		$comment: comment,
		...description(docs.text),
		$defs: Object.fromEntries(types.map((def) => [typeName(def), definitionSchema(def, scope)])),
	};
}
