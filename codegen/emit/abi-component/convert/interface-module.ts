/** `abi/component/convert/<interface>.ts`: the conversions of the interface's types, each way that some function needs. */

import { type ConvertedDef, type DataDef, dataTypes, moduleOf } from "../../../model/carried/data-types.ts";
import type { Interface, Model } from "../../../model/model.ts";
import { converterName, namesTable } from "../../../model/names/converter-names.ts";
import { moduleAlias, moduleName, typeName } from "../../../model/names/type-names.ts";
import { type Direction, isSameInBothShapes, type RuntimeHelper } from "../../kit/conversion/expressions.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { fromIrFunction } from "./from-ir-function.ts";
import type { ConvertModuleScope } from "./scope.ts";
import { toIrFunction } from "./to-ir-function.ts";

/** Names of the variables in the conversions, and of globals that they use. */
const LOCALS = ["Array", "Map", "Object", "path", "result", "value"];

function declaredNames(def: DataDef): string[] {
	return [converterName(def, "to-ir"), converterName(def, "from-ir"), namesTable(def)];
}

/** The module's text, or undefined when no type of the interface is converted. Names of the helpers it calls are added to `used`. */
export function convertModule(
	iface: Interface,
	model: Model,
	reached: ReadonlyMap<Direction, ReadonlySet<ConvertedDef>>,
	used: Set<RuntimeHelper>,
): string | undefined {
	const own = moduleName(iface.name);
	const imports = new Imports([...dataTypes(iface).flatMap(declaredNames), ...LOCALS]);
	const ir = imports.typeNamespace("ir", `../../../ir/${own}.ts`);
	const wit = imports.typeNamespace("wit", `../wit/${own}.ts`);
	const scope: ConvertModuleScope = {
		ir: (def) => `${ir}.${typeName(def)}`,
		wit: (def) => `${wit}.${typeName(def)}`,
		converter(def, direction) {
			const module = moduleOf(def, model);
			const name = converterName(def, direction);
			return module === own ? name : `${imports.valueNamespace(moduleAlias(module), `./${module}.ts`)}.${name}`;
		},
		runtime(name) {
			used.add(name);
			return imports.value(name, "./runtime.ts");
		},
	};
	const functions = iface.types.flatMap((def) => {
		if (def.kind === "resource" || def.kind === "alias") return [];
		const into = reached.get("to-ir")?.has(def) && !isSameInBothShapes(def) ? [toIrFunction(def, scope)] : [];
		return reached.get("from-ir")?.has(def) ? [...into, fromIrFunction(def, scope)] : into;
	});
	if (functions.length === 0) return undefined;
	return [header([witSource(iface)]), imports.toString(), ...functions].join("\n");
}
