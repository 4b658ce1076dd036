/** Emits `abi/component/wit/<interface>.ts`: the data types in the shape that transpiled components pass them in. */
import type { Interface, Model } from "../../../model/model.ts";
import type { Emitter } from "../../emitter.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { dataTypes, moduleAlias, moduleOf } from "../../kit/modules.ts";
import { pascalCase } from "../../names.ts";
import { witDefinition } from "./definition.ts";
import type { WitScope } from "./type-text.ts";

export const witShapeEmitter: Emitter = {
	name: "wit-shape",
	async emit({ abi }) {
		return abi.interfaces
			.map((each) => each.interface)
			.filter((iface) => dataTypes(iface).length > 0)
			.map((iface) => ({ path: `abi/component/wit/${iface.name}.ts`, content: witShapeModule(iface, abi.model) }));
	},
};

export function witShapeModule(iface: Interface, model: Model): string {
	const imports = new Imports();
	const scope: WitScope = {
		named(def) {
			const module = moduleOf(def, model);
			const name = pascalCase(def.name);
			return module === iface.name ? name : `${imports.typeNamespace(moduleAlias(module), `./${module}.ts`)}.${name}`;
		},
	};
	const declarations = dataTypes(iface).map((def) => witDefinition(def, scope));
	return [header([witSource(iface)]), imports.toString(), ...declarations].filter((part) => part !== "").join("\n");
}
