/** `ir/<interface>.ts`: data types in IR shape. */
import type { DataModule, DataModules } from "../../model/carried/data-modules.ts";
import { type DataDef, dataTypes, moduleOf } from "../../model/carried/data-types.ts";
import { type IrForm, jsonTypeName } from "../../model/carried/ir-type.ts";
import type { Interface, Model } from "../../model/model.ts";
import { moduleAlias, moduleName, typeName } from "../../model/names/type-names.ts";
import { generalHeader, header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { type DefinitionScope, irDefinition } from "../kit/ir-definition.ts";

interface TypesModule {
	readonly file: string;
	readonly types: readonly DataDef[];
	readonly notice: string;
	readonly form: IrForm;
	fileOf(def: DataDef): string;
}

/** The types of an interface of the ABI, as they are in memory. */
export function interfaceModule(iface: Interface, model: Model): string {
	return typesModule({
		file: moduleName(iface.name),
		types: dataTypes(iface),
		notice: header([witSource(iface)]),
		form: "memory",
		fileOf: (def) => moduleOf(def, model),
	});
}

/** The types of a module of any package, as JSON holds them. */
export function dataModule(module: DataModule, modules: DataModules): string {
	return typesModule({ ...module, notice: generalHeader([module]), form: "wire", fileOf: (def) => modules.fileOf(def) });
}

function typesModule({ file: own, types, notice, form, fileOf }: TypesModule): string {
	const imports = new Imports(types.map(typeName));
	const scope: DefinitionScope = {
		form,
		named(def) {
			const file = fileOf(def);
			const name = typeName(def);
			return file === own ? name : `${imports.typeNamespace(moduleAlias(file), `./${file}.ts`)}.${name}`;
		},
		json: (kind) => `${imports.typeNamespace("json", "./json.ts")}.${jsonTypeName(kind)}`,
	};
	const code = types.map((def) => irDefinition(def, scope)).join("\n");
	return [notice, imports.toString(), code].filter((part) => part !== "").join("\n");
}
