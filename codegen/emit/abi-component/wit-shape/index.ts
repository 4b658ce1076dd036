/** Emits `abi/component/wit/<interface>.ts`: the data types in the shape that components pass them in. */

import { type DataDef, dataTypes, moduleOf } from "../../../model/carried/data-types.ts";
import type { WitScope } from "../../../model/carried/wit-type.ts";
import type { Interface, Model } from "../../../model/model.ts";
import { moduleAlias, moduleName, typeName } from "../../../model/names/type-names.ts";
import { wasiInterfaces } from "../../../model/wasi.ts";
import type { EmittedFile, Emitter } from "../../emitter.ts";
import { header, witSource } from "../../kit/header.ts";
import { Imports } from "../../kit/imports.ts";
import { witDefinition } from "../../kit/wit-shape/definition.ts";

export const witShapeEmitter: Emitter = {
	name: "wit-shape",
	async emit({ abi, wasi }) {
		const own = abi.interfaces
			.map((each) => each.interface)
			.filter((iface) => dataTypes(iface).length > 0)
			.map((iface) => ({ path: `abi/component/wit/${moduleName(iface.name)}.ts`, content: witShapeModule(iface, abi.model) }));
		return wasi === undefined ? own : [...own, ...wasiShapes(wasi)];
	},
};

export function witShapeModule(iface: Interface, model: Model): string {
	return shapeModule(iface, moduleName(iface.name), { module: (def) => moduleOf(def, model) });
}

function wasiShapes(model: Model): EmittedFile[] {
	const interfaces = [...wasiInterfaces(model)].filter(([, iface]) => dataTypes(iface).length > 0);
	return interfaces.map(([name, iface]) => {
		const module = ({ owner }: DataDef): string => `${owner.package.name}-${owner.name}`;
		return { path: `abi/component/wit/wasi/${name}.ts`, content: shapeModule(iface, name, { module, handle: () => "unknown" }) };
	});
}

interface ShapeOptions extends Pick<WitScope, "handle"> {
	/** Name of the file with a type. */
	module(def: DataDef): string;
}

function shapeModule(iface: Interface, name: string, { module, handle }: ShapeOptions): string {
	const imports = new Imports(dataTypes(iface).map(typeName));
	const scope: WitScope = {
		named(def) {
			const file = module(def);
			const type = typeName(def);
			return file === name ? type : `${imports.typeNamespace(moduleAlias(file), `./${file}.ts`)}.${type}`;
		},
		...(handle === undefined ? {} : { handle }),
	};
	const declarations = dataTypes(iface).map((def) => witDefinition(def, scope));
	return [header([witSource(iface)]), imports.toString(), ...declarations].filter((part) => part !== "").join("\n");
}
