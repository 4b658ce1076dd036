/** `abi/component/convert/<interface>.ts`: the conversions of the interface's types, each way that some function needs. */

import { type ConvertedDef, moduleAlias, moduleOf } from "../../../model/carried/data-types.ts";
import type { Interface, Model } from "../../../model/model.ts";
import {
	type ConvertScope,
	converterName,
	type Direction,
	isSameInBothShapes,
	type RuntimeHelper,
} from "../../kit/conversion/expressions.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { fromIrFunction } from "./from-ir-function.ts";
import { toIrFunction } from "./to-ir-function.ts";

/** The module's text, or undefined when no type of the interface is converted. Names of the helpers it calls are added to `used`. */
export function convertModule(
	iface: Interface,
	model: Model,
	reached: ReadonlyMap<Direction, ReadonlySet<ConvertedDef>>,
	used: Set<RuntimeHelper>,
): string | undefined {
	const imports = new Imports();
	const scope: ConvertScope = {
		converter(def, direction) {
			const module = moduleOf(def, model);
			const name = converterName(def, direction);
			return module === iface.name ? name : `${imports.valueNamespace(moduleAlias(module), `./${module}.ts`)}.${name}`;
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
	imports.typeNamespace("ir", `../../../ir/${iface.name}.ts`);
	imports.typeNamespace("wit", `../wit/${iface.name}.ts`);
	return [header([witSource(iface)]), imports.toString(), ...functions].join("\n");
}
