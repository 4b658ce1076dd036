/** Emits `abi/component/`: the bindings that make a host's implementation the imports of a transpiled component. */

import { hostInterfaces, requireErrorRecord } from "../../model/host-interface.ts";
import type { Emitter } from "../emitter.ts";
import { bindingFile } from "./binding-file.ts";
import { foreignResources } from "./foreign-resources.ts";
import { importsFile } from "./imports-file.ts";
import { runtimeFile } from "./runtime-file.ts";

export const componentEmitter: Emitter = {
	name: "abi-component",
	async emit({ abi }) {
		const interfaces = hostInterfaces(abi);
		if (interfaces.length === 0) return [];
		const foreign = foreignResources(interfaces);
		return [
			{ path: "abi/component/runtime.ts", content: runtimeFile(interfaces, requireErrorRecord(abi)) },
			...interfaces.map((iface) => ({ path: `abi/component/${iface.module}.ts`, content: bindingFile(iface, foreign, abi.model) })),
			{ path: "abi/component/imports.ts", content: importsFile(interfaces, foreign) },
		];
	},
};
